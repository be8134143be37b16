// Where the server's parts are put together: the only file that sees all of them.
import { getHeapStatistics } from 'node:v8';
import { createRouterTransport, Code, ConnectError, type Transport } from '@connectrpc/connect';
import { compressionBrotli, compressionGzip } from '@connectrpc/connect-node';
import { eventCodec as codec } from '@scrip/codec';
import { LedgerService } from '@scrip/contract';
import { CouponService } from '@scrip/contract/coupons';
import {
  createEngine,
  createFeed,
  type Engine,
  type FeedHub,
  type FeedObserver,
  type Sweeper,
} from '@scrip/engine';
import { present } from '@scrip/kernel';
import type { Database } from '@scrip/persistence';
import {
  newRequestId,
  randomId,
  randomSecret,
  systemClock,
  type Address,
  type Log,
  type Metrics,
} from '@scrip/runtime';
import { createAccessTokens } from './auth/access-tokens.ts';
import { rememberKeys, rememberKeysById } from './auth/known-key.ts';
import { createAfterTurn } from './fast-path/after-turn.ts';
import { createFastPath, type FastPathOptions } from './fast-path/fast-path.ts';
import { createLocalTransport } from './fast-path/local-transport.ts';
import { streamRoutesOf, type StreamRoute } from './fast-path/stream-routes.ts';
import { unaryRoutesOf, type UnaryRoute } from './fast-path/unary-routes.ts';
import { createOpenCalls } from './fast-path/open-calls.ts';
import { createJudgeForm, type JudgeForm } from './form/judge-form.ts';
import { createAuthenticate, type Authenticate } from './interceptors/authenticate.ts';
import { createBeginCall } from './interceptors/begin-call.ts';
import { createInterceptors } from './interceptors/chain.ts';
import { createEndWith } from './interceptors/errors.ts';
import { createLedgerMetrics, type LedgerMetrics } from './interceptors/metrics.ts';
import { createResolveBook } from './interceptors/resolve-book.ts';
import { createRequestGate } from './interceptors/request-gate.ts';
import { createJudgeRequest } from './interceptors/validate.ts';
import type { CouponRpcs } from './rpc/coupons/coupon-rpcs.ts';
import { createCouponService } from './rpc/coupons/coupon-service.ts';
import { createCursors } from './rpc/feed/cursor.ts';
import { createOpenStreams, type OpenStreams } from './rpc/feed/open-streams.ts';
import { streamLimitsOf, type StreamLimits } from './rpc/feed/stream-seats.ts';
import { createReadiness } from './rpc/health/readiness.ts';
import type { LedgerRpcs } from './rpc/ledger/ledger-rpcs.ts';
import { createLedgerService } from './rpc/ledger/ledger-service.ts';
import { streamOptions } from './rpc/add-service.ts';
import { createRoutes } from './rpc/routes.ts';
import { answerHeadersOf, withCors, type IsAllowedOrigin } from './server/cors.ts';
import { createRequestHandler } from './server/request-handler.ts';
import { createServer } from './server/server.ts';
import { logFailedFlushes } from './log-failed-flushes.ts';
import { startSweeping } from './start-sweeping.ts';
import { createCallSpans } from './tracing/call-spans.ts';
import { createFlushSpans } from './tracing/flush-spans.ts';
import type { Tracing } from './tracing/tracing.ts';
import { observeBoth, watchBoth } from './tracing/watch-both.ts';

/** The bounds of a server. */
export type LedgerLimits = StreamLimits & {
  /** Bytes of a request message, decompressed. Default 1 MiB. */
  readonly messageBytesMax: number;
  /** The deadline of a call that names none, in milliseconds. Default 30,000. */
  readonly deadlineMsDefault: number;
  /** The longest deadline that a call may name, in milliseconds. Default 300,000. */
  readonly deadlineMsMax: number;
  /** How long calls under way may take to end when the server stops. Default 10,000. */
  readonly graceMs: number;
};

export type LedgerOptions = {
  readonly database: Pick<
    Database,
    | 'journal'
    | 'reader'
    | 'terms'
    | 'coupons'
    | 'feedSource'
    | 'dueSource'
    | 'stores'
    | 'apiKeys'
    | 'signingKeys'
    | 'ping'
    | 'connectionUse'
  >;
  /** Made from the database when absent. */
  readonly feed?: FeedHub;
  /** Made from the database and the feed when absent. */
  readonly engine?: Pick<Engine, 'submit' | 'submitBatch' | 'waitingCount' | 'close'>;
  readonly log: Log;
  /** Where calls, flushes and connections are measured; nowhere when absent. */
  readonly metrics?: Metrics;
  /** Where calls and flushes leave their spans; nowhere when absent. */
  readonly tracing?: Tracing;
  readonly limits?: Partial<LedgerLimits>;
  /** `false` has the router answer every call. Default `true`; answers are the same. */
  readonly fastPath?: boolean;
  /** Whose web pages may call; nobody's when absent. */
  readonly isAllowedOrigin?: IsAllowedOrigin;
};

/** The ledger as a server. */
export type Ledger = {
  /** Serves gRPC, gRPC-Web and Connect on one port; 0 takes a free one. */
  listen(address: Address): Promise<Address>;
  /** A transport to the same RPCs within the process: same keys, same checks, same errors. */
  createTransport(): Transport;
  /** Whether calls are accepted. */
  ready(): Promise<boolean>;
  /** Ends all streams and opens none, so that those who watch go elsewhere. Calls go on. */
  endStreams(): void;
  /** Ends the calls, the sweeper and the engine. The database stays open: it is the caller's. */
  close(): Promise<void>;
};

const limitsDefault: Omit<LedgerLimits, keyof StreamLimits> = {
  messageBytesMax: 1024 * 1024,
  deadlineMsDefault: 30_000,
  deadlineMsMax: 300_000,
  graceMs: 10_000,
};

const randomness = { newId: randomId, newSecret: randomSecret };

/** Makes a server that does not listen yet. What is due is booked from now on. */
export function createLedger(options: LedgerOptions): Ledger {
  const { database, log, isAllowedOrigin = () => false } = options;
  const limits = limitsOf(options);
  const metrics = options.metrics && createLedgerMetrics(options.metrics);
  const { reader, terms, coupons, stores, apiKeys } = database;
  const { engine, feed } = createWriterAndFeed(options, { limits, metrics });
  const streams = createStreams(options, limits);
  const cursors = createCursors(randomSecret);
  const closing = new AbortController();
  const cutOff = new AbortController();
  const ready = createReadiness({
    ping: () => database.ping(),
    clock: systemClock,
    closing: closing.signal,
  });
  const judgeForm = createJudgeForm();
  const { authenticate, accessTokens } = createDoor(database);
  const rpcs = createLedgerService(
    { engine, reader, terms, judgeForm },
    { feed, reader, streams, cursors, ...present('observer', metrics?.feedObserver) },
  );
  const couponRpcs = createCouponService({ engine, reader, coupons });
  const routes = createRoutes({
    ledger: rpcs,
    coupons: couponRpcs,
    admin: { stores, apiKeys, reader, engine, accessTokens, ...randomness },
    health: { ready, closing: closing.signal },
  });
  const parts = { limits, authenticate, judgeForm, cutOff: cutOff.signal, metrics };
  const { routing, pathOf } = routingOf(options, parts);
  const path = options.fastPath === false ? undefined : pathOf(rpcs, couponRpcs);
  const server = createServer({
    handler: withCors(createRequestHandler(routes, routing, log), isAllowedOrigin),
    ...present('fastPath', path && createFastPath(path)),
    graceMs: limits.graceMs,
    cutOff: () => cutOff.abort(new ConnectError('The server is stopping.', Code.Unavailable)),
  });
  metrics?.addGauges({
    ready,
    waitingCount: () => engine.waitingCount(),
    streamCounts: () => streams.counts(),
    connectionUse: () => database.connectionUse(),
  });
  const sweeper = createSweeper(options, engine, metrics);
  return {
    listen: (address) => server.listen(address),
    createTransport: () => transportOf(createRouterTransport(routes, { router: routing }), path),
    ready,
    endStreams: () => streams.endAll(),
    close: async () => {
      closing.abort();
      // At once, so that a stop does not wait for them.
      streams.endAll();
      await server.close();
      await sweeper.stop();
      await engine.close();
      feed.close();
    },
  };
}

function limitsOf({ limits }: LedgerOptions): LedgerLimits {
  const { heap_size_limit: heapBytesMax } = getHeapStatistics();
  return { ...limitsDefault, ...limits, ...streamLimitsOf(heapBytesMax, limits) };
}

function transportOf(router: Transport, path: FastPathOptions | undefined): Transport {
  return path === undefined ? router : createLocalTransport(path, router);
}

/** What decides commands, and what tells of those that were accepted. */
function createWriterAndFeed(
  options: LedgerOptions,
  { limits, metrics }: Pick<RoutingParts, 'limits' | 'metrics'>,
) {
  const { journal, reader, feedSource: source } = options.database;
  const { streamCountMax: watcherCountMax } = limits;
  const observer: FeedObserver = {
    onSourceFailure: (error) => metrics?.feedObserver.onSourceFailure(error),
    onBookFailure: (err) => options.log.error({ err }, 'a bug: the streams of a book end'),
  };
  const feed = options.feed ?? createFeed({ source, reader, codec, observer, watcherCountMax });
  const spans = options.tracing && createFlushSpans(options.tracing);
  const failures = logFailedFlushes({ log: options.log, clock: systemClock });
  const figures = observeBoth(metrics?.engineObserver, spans);
  const observed = present('observer', observeBoth(failures, figures));
  const clock = (): number => performance.now();
  const engine = options.engine ?? createEngine({ journal, codec, feed, clock, ...observed });
  return { engine, feed };
}

function createSweeper(
  { database: { dueSource: source }, log }: LedgerOptions,
  engine: Pick<Engine, 'submitBatch'>,
  metrics: LedgerMetrics | undefined,
): Sweeper {
  const countFailure = (): void => metrics?.countSweepFailure();
  return startSweeping({ source, engine, log, clock: systemClock, countFailure });
}

function createStreams({ database, log }: LedgerOptions, limits: StreamLimits): OpenStreams {
  const isKeyGood = async (apiKeyId: string): Promise<boolean> => {
    const key = await database.apiKeys.findById(apiKeyId);
    return key !== undefined && key.revokedAt === undefined;
  };
  return createOpenStreams({ log, clock: systemClock, limits, isKeyGood });
}

/** Who may call: the keys of the database, and the tokens that they mint. */
function createDoor({ apiKeys, signingKeys }: LedgerOptions['database']) {
  const clock = systemClock;
  const findKey = rememberKeys((digest) => apiKeys.findByDigest(digest), clock);
  const findKeyById = rememberKeysById((id) => apiKeys.findById(id), clock);
  const accessTokens = createAccessTokens({ signingKeys, findKey: findKeyById, clock });
  return { accessTokens, authenticate: createAuthenticate({ findKey, accessTokens, clock }) };
}

type RoutingParts = {
  readonly limits: LedgerLimits;
  readonly authenticate: Authenticate;
  readonly judgeForm: JudgeForm;
  readonly cutOff: AbortSignal;
  readonly metrics: LedgerMetrics | undefined;
};

function routingOf(
  { database, log, tracing, isAllowedOrigin = () => false }: LedgerOptions,
  { limits, authenticate, judgeForm, cutOff, metrics }: RoutingParts,
) {
  const { stores } = database;
  const beginCall = createBeginCall({
    log,
    clock: systemClock,
    newRequestId,
    ...present('watchCall', watchBoth(metrics?.watchCall, tracing && createCallSpans(tracing))),
  });
  const judge = createJudgeRequest(judgeForm);
  const resolveBook = createResolveBook((storeId, mode) => stores.findBook(storeId, mode));
  const { deadlineMsDefault } = limits;
  const acceptCompression = [compressionGzip, compressionBrotli];
  const routing = {
    requestGate: createRequestGate({ log, beginCall, authenticate }),
    interceptors: createInterceptors({ log, authenticate, resolveBook, judge, deadlineMsDefault }),
    acceptCompression,
    readMaxBytes: limits.messageBytesMax,
    maxTimeoutMs: limits.deadlineMsMax,
    shutdownSignal: cutOff,
  };
  const handling = { endWith: createEndWith(log), resolveBook, judge };
  const { maxTimeoutMs: streamTimeoutMsMax } = streamOptions;
  const pathOf = (rpcs: LedgerRpcs, couponRpcs: CouponRpcs): FastPathOptions => ({
    routesByPath: new Map<string, UnaryRoute | StreamRoute>([
      ...unaryRoutesOf(LedgerService, rpcs, handling),
      ...unaryRoutesOf(CouponService, couponRpcs, handling),
      ...streamRoutesOf(LedgerService, rpcs, handling),
    ]),
    acceptCompression,
    messageBytesMax: limits.messageBytesMax,
    timeoutMsMax: limits.deadlineMsMax,
    streamTimeoutMsMax,
    openCalls: createOpenCalls(cutOff, deadlineMsDefault),
    afterTurn: createAfterTurn(log),
    answerHeadersOf: (origin) => answerHeadersOf(origin, isAllowedOrigin),
    log,
    clock: systemClock,
    beginCall,
    authenticate,
  });
  return { routing, pathOf };
}
