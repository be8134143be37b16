// The clients: one function for every unary call of a service, made from its description, and the
// streams of the ledger.
import type {
  DescMethod,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import { AdminService, LedgerService } from '@scrip/contract';
import type { WatchHistoryResponse } from '@scrip/contract';
import { CouponService } from '@scrip/contract/coupons';
import { withAccessTokens } from './access-token.ts';
import type { CallOptions, ClientDefaults } from './call-options.ts';
import { timeoutMsDefault } from './call-options.ts';
import { withLostConnections } from './lost-connection.ts';
import { requestHeader } from './request-header.ts';
import { withRetries } from './retry.ts';
import { ScripError } from './scrip-error.ts';
import { watchBalances } from './watch-balances.ts';
import type { BalanceItem, BalancesRequest } from './watch-balances.ts';
import { streamHistory, watchHistory } from './watch-history.ts';
import type { HistoryItem, HistoryRequest, WatchHistoryOptions } from './watch-history.ts';
import type { WatchOptions } from './watch-options.ts';
import { checkedTimeoutMs } from './wrong-option.ts';

/** The unary calls of a service. Every call that does not succeed throws a `ScripError`. */
type Calls<Methods extends Readonly<Record<string, DescMethod>>> = {
  readonly [Name in keyof Methods as Methods[Name] extends DescMethodUnary ? Name : never]: (
    request: MessageInitShape<Methods[Name]['input']>,
    options?: CallOptions,
  ) => Promise<MessageShape<Methods[Name]['output']>>;
};

/**
 * The streams of the ledger. Each begins when somebody iterates, anew for each who does; `break`
 * and `signal` end it at once and quietly. A stream that breaks, falls silent or loses its server
 * is opened again where it was, with growing pauses, for as long as it is iterated; when its access
 * token expires, with another. A refusal that another try would only repeat is thrown as a
 * `ScripError`: `HISTORY_DIVERGED`, `KEY_UNKNOWN`, `SCOPE_MISSING`, `ACCOUNT_NOT_FOUND` and so on.
 */
type Streams = {
  /** Streams events in order, each once, none missing that the request keeps. */
  readonly watchHistory: (
    request: HistoryRequest,
    options?: WatchHistoryOptions,
  ) => AsyncIterable<HistoryItem>;
  /** Streams balances as they are, and then as they change; never an older one after a newer. */
  readonly watchBalances: (
    request: BalancesRequest,
    options?: WatchOptions,
  ) => AsyncIterable<BalanceItem>;
  /**
   * Streams the messages of one connection as the ledger sends them, for those who pass them on.
   * Does not reconnect: whatever ends the stream, but the caller, is thrown as a `ScripError`.
   */
  readonly streamHistory: (
    request: HistoryRequest,
    options?: Pick<WatchOptions, 'apiKey' | 'headers' | 'signal' | 'silenceMsMax'>,
  ) => AsyncIterable<WatchHistoryResponse>;
};

/**
 * The ledger's calls. What each promises and refuses is said in `ledger_service.proto`. Every
 * call that does not succeed throws a `ScripError`. Amounts are decimal strings, both ways.
 */
export type ScripClient = Calls<typeof LedgerService.method> & Streams;

/**
 * The calls of administration: stores with the operator key, API keys with a key that has the
 * scope `admin`. What each promises and refuses is said in `admin_service.proto`. Every call that
 * does not succeed throws a `ScripError`.
 */
export type ScripAdminClient = Calls<typeof AdminService.method>;

/**
 * The calls about coupons, customers' credits and memberships. What each promises and refuses is
 * said in `coupon_service.proto`. Every call that does not succeed throws a `ScripError`.
 */
export type ScripCouponClient = Calls<typeof CouponService.method>;

/** Makes the client of the ledger over a transport. */
export function buildClient(transport: Transport, defaults: ClientDefaults): ScripClient {
  const reached = withAccess(transport, defaults);
  const streams: Streams = {
    watchHistory: (request, options) => watchHistory(reached, request, { ...defaults, ...options }),
    watchBalances: (request, options) =>
      watchBalances(reached, request, { ...defaults, ...options }),
    streamHistory: (request, options) =>
      streamHistory(reached, request, { ...defaults, ...options }),
  };
  return { ...callsOf(LedgerService, reached, defaults), ...streams } as ScripClient;
}

/** Makes the client of administration over a transport. */
export function buildAdminClient(transport: Transport, defaults: ClientDefaults): ScripAdminClient {
  const reached = withAccess(transport, defaults);
  return callsOf(AdminService, reached, defaults) as ScripAdminClient;
}

/** Makes the client of coupons over a transport. */
export function buildCouponClient(
  transport: Transport,
  defaults: ClientDefaults,
): ScripCouponClient {
  const reached = withAccess(transport, defaults);
  return callsOf(CouponService, reached, defaults) as ScripCouponClient;
}

function withAccess(transport: Transport, { accessToken }: ClientDefaults): Transport {
  const reached = withLostConnections(transport);
  return accessToken === undefined ? reached : withAccessTokens(reached, accessToken);
}

function callsOf(service: DescService, transport: Transport, defaults: ClientDefaults): object {
  const { retry = {} } = defaults;
  const retrying = retry === false ? transport : withRetries(transport, retry);
  const calls = service.methods
    .filter(isUnary)
    .map((method) => [
      method.localName,
      (request: MessageInitShape<typeof method.input>, options: CallOptions = {}) =>
        callUnary(retrying, { method, request, options: { ...defaults, ...options } }),
    ]);
  return Object.fromEntries(calls) as object;
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === 'unary';
}

type Call = {
  readonly method: DescMethodUnary;
  readonly request: MessageInitShape<DescMethodUnary['input']>;
  readonly options: CallOptions;
};

async function callUnary(transport: Transport, call: Call): Promise<unknown> {
  const { method, request, options } = call;
  const { timeoutMs = timeoutMsDefault, onHeader } = options;
  const deadline = AbortSignal.timeout(checkedTimeoutMs(timeoutMs));
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  const header = requestHeader(options);
  try {
    const response = await transport.unary(method, signal, timeoutMs, header, request);
    onHeader?.(response.header);
    return response.message;
  } catch (thrown) {
    throw deadline.aborted ? lateError(thrown) : ScripError.from(thrown);
  }
}

/** A call that its deadline ended is `deadline_exceeded`, whichever timer was first to see it. */
function lateError(thrown: unknown): ScripError {
  const error = ScripError.from(thrown);
  if (error.code !== 'canceled') return error;
  return new ScripError('the call took too long', { code: 'deadline_exceeded', cause: thrown });
}
