// The feed over plain HTTP: `GET /v1/feed` answers with server-sent events.
import { Readable } from 'node:stream';
import type { ScripClient } from '@scrip/client';
import { ScripError } from '@scrip/client';
import type { WatchHistoryResponse } from '@scrip/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { App } from '../app.ts';
import { faultOf } from '../faults/fault-of.ts';
import type { Fault } from '../faults/fault.ts';
import { refer } from '../shapes.ts';
import { traceHeaders } from '../trace-context.ts';
import { allowOrigins } from './allow-origins.ts';
import { readCredential } from './credential.ts';
import { writeEnd, writeMessage, writeRetry } from './event-stream.ts';
import { createHangUp, createLookOut, type LookOut } from './parting.ts';
import { startAfter } from './position-id.ts';
import { historyRequest, lastEventIdOf, readQuery, wantedBy } from './requests.ts';
import { ErrorSchema, EventSchema, FeedHeaders, FeedQuery } from './schemas.ts';

export type FeedTools = {
  readonly ledger: ScripClient;
  /** Whose pages may read the feed in a browser. */
  readonly allowedOrigins: readonly string[];
};

/** How long an EventSource waits before it comes back. */
const retryMs = 2_000;
/** The ledger begins a stream at once; one that does not by then is answered 504. */
const startMsMax = 30_000;

const eventStream = {
  description: 'Server-sent events, each with the id of its position.',
  content: { 'text/event-stream': { schema: refer(EventSchema) } },
};
/** For the document alone: what is streamed is no object of these types. */
const response: Readonly<Record<string, unknown>> = {
  200: eventStream,
  '4xx': refer(ErrorSchema),
  '5xx': refer(ErrorSchema),
};
const schema = {
  tags: ['Feed'],
  summary: 'The live history of the book, as server-sent events',
  description:
    'Begins with `event: started`, then one event for each of the book’s, named by its kind. ' +
    '`caught_up`: from now on live. `fell_behind`: you read too slowly, and are served from the ' +
    'database until the next `caught_up`. `heartbeat`: nothing new, every 15 seconds. ' +
    '`ended`: why the stream ends, with `reason` and `message`. Send the last id back as ' +
    '`Last-Event-ID`, as an EventSource does by itself, and no event is lost or comes twice.',
  querystring: FeedQuery,
  headers: FeedHeaders,
  response,
};

/** Adds the route. Its streams end as soon as the application begins to close. */
export async function addFeedRoutes(app: App, tools: FeedTools): Promise<void> {
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());
  await allowOrigins(app, tools.allowedOrigins);
  app.get(
    '',
    {
      schema,
      // Asking for the headers alone would open a stream that nobody reads.
      exposeHeadRoute: false,
      preValidation: async ({ query }) => readQuery(query as Record<string, unknown>),
    },
    (request, reply) => answer({ request, reply, stopping: stopping.signal }, tools.ledger),
  );
}

type Query = { Querystring: Static<typeof FeedQuery> };
type Exchange = {
  readonly request: Pick<FastifyRequest<Query>, 'id' | 'headers' | 'query' | 'log'>;
  readonly reply: FastifyReply;
  readonly stopping: AbortSignal;
};

async function answer(exchange: Exchange, ledger: ScripClient): Promise<FastifyReply> {
  const { request, reply, stopping } = exchange;
  const { headers, query, id } = request;
  const credential = readCredential(headers, query.access_token);
  const lastEventId = lastEventIdOf(headers, query);
  const after = lastEventId === undefined ? undefined : startAfter(lastEventId, credential);
  const asked = historyRequest(query, after);
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, stopping]);
  const sent = { ...traceHeaders(headers), ...credential, 'x-request-id': id };
  const messages = ledger.streamHistory(asked, { headers: sent, signal })[Symbol.asyncIterator]();
  const first = await firstOf(messages, stopping).catch((thrown: unknown) => {
    // Whoever comes back would give up at any status but 200, and this may be over at the next try.
    const fault = faultOf(thrown);
    if (lastEventId !== undefined && mayPass(fault)) return fault;
    throw thrown;
  });
  const hangUp = createHangUp(reply.raw);
  stopping.addEventListener('abort', hangUp, { signal: gone.signal });
  const reader = { ...createLookOut({ ledger, headers: sent, onEnd: hangUp }), hangUp };
  const parts = 'reason' in first ? later(first) : stream(first, messages, { ...exchange, reader });
  reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
  // What ended is over for one who has not read it yet, too.
  reply.header('connection', 'close');
  return reply.type('text/event-stream').send(Readable.from(parts));
}

type Messages = AsyncIterator<WatchHistoryResponse>;

/** The first message of a stream, in time. */
async function firstOf(messages: Messages, stopping: AbortSignal): Promise<WatchHistoryResponse> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(scripError('deadline_exceeded', 'The ledger did not begin the stream in time.'));
    void messages.return?.();
  }, startMsMax);
  try {
    const result = await Promise.race([messages.next(), promise]);
    if (result.done !== true) return result.value;
    throw stopping.aborted ? stopped() : scripError('canceled', 'The caller has gone.');
  } finally {
    clearTimeout(timer);
  }
}

type Reading = Exchange & { readonly reader: LookOut & { readonly hangUp: () => void } };

/** The text of a stream: it waits for its reader, and each message for the one before it. */
async function* stream(
  first: WatchHistoryResponse,
  messages: Messages,
  { request, stopping, reader }: Reading,
): AsyncGenerator<string, void, undefined> {
  const isWanted = wantedBy(request.query);
  let text = writeRetry(retryMs) + writeMessage(first, isWanted);
  try {
    for (;;) {
      if (text !== '') {
        reader.waits();
        yield text;
        reader.taken();
      }
      const result = await messages.next();
      if (result.done === true) break;
      text = writeMessage(result.value, isWanted);
    }
    reader.hangUp();
    if (stopping.aborted) yield writeEnd(faultOf(stopped()));
  } catch (thrown) {
    const fault = faultOf(thrown);
    if (fault.reason === 'INTERNAL') request.log.error({ err: thrown }, 'a stream failed');
    reader.hangUp();
    yield writeEnd(fault);
  } finally {
    reader.taken();
    await messages.return?.();
  }
}

/** A stream that only says when to come back. */
async function* later(fault: Fault): AsyncGenerator<string, void, undefined> {
  yield writeRetry(Math.max(fault.retryAfterMs ?? 0, retryMs)) + writeEnd(fault);
}

function mayPass({ reason }: Fault): boolean {
  return reason === 'UNAVAILABLE' || reason === 'WATCHES_FULL' || reason === 'DEADLINE_EXCEEDED';
}

function stopped(): ScripError {
  return scripError('unavailable', 'The gateway is stopping.');
}

function scripError(code: ScripError['code'], message: string): ScripError {
  return new ScripError(message, { code, cause: undefined });
}
