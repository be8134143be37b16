// Keeps a stream alive: opens it again after it broke, for as long as somebody listens.
import { isOfProvider } from './access-token.ts';
import type { OpenStream } from './open-stream.ts';
import { pause } from './pause.ts';
import { isOfLedger, ScripError } from './scrip-error.ts';
import type { ScripErrorCode } from './scrip-error.ts';

/** How long to wait before a stream that broke is opened again. */
export type ReconnectPolicy = {
  /** The pause after the first failure, in milliseconds; it doubles with each. Default 100. */
  readonly delayMsFirst?: number;
  /** No pause is longer, unless the ledger asks for it. Default 5,000. */
  readonly delayMsMax?: number;
  /** Spreads the pauses, as in `RetryPolicy`. Default: the one given for `retry`, else none. */
  readonly random?: () => number;
};

/**
 * How it stands with a stream: it is being opened; it brings what was missed; it is live; it broke
 * and waits before the next try.
 */
export type WatchState = 'connecting' | 'catching_up' | 'live' | 'waiting';

/**
 * Hears of each change of state; of `waiting` with what broke the stream, and how long it will be
 * until the next try, in milliseconds.
 */
export type OnWatchState = (state: WatchState, cause?: ScripError, waitMs?: number) => void;

/** What to keep alive. */
export type Watch<Message, Item> = {
  /** Opens the stream where the last one broke. */
  readonly open: () => OpenStream<Message>;
  /** Gives what of a message is for the listener, and tells the states that it brings about. */
  readonly take: (message: Message, tell: OnWatchState) => Iterable<Item>;
  /** Whether another access token can be had once one has expired. */
  readonly renewsToken: boolean;
  readonly policy: ReconnectPolicy;
  readonly onState: OnWatchState | undefined;
};

const delayMsFirstDefault = 100;
const delayMsMaxDefault = 5_000;
/** A connection that lasted this long was a good one: the pauses begin anew. */
const goodMs = 10_000;

/**
 * Gives the items of a stream, over as many connections as it takes. Throws the ledger's refusal
 * when trying again makes no sense, and ends quietly when `signal` is aborted.
 */
export async function* keepAlive<Message, Item>(
  watch: Watch<Message, Item>,
  signal: AbortSignal,
): AsyncGenerator<Item, void, undefined> {
  const tell = onlyChanges(watch.onState);
  const failures = { count: 0 };
  while (!signal.aborted) {
    tell('connecting');
    const cause = yield* untilBroken(watch, { tell, failures, signal });
    if (signal.aborted) return;
    if (!mayReconnect(cause, watch.renewsToken)) throw cause;
    failures.count += 1;
    const waitMs = delayMs(cause, failures.count, watch.policy);
    tell('waiting', cause, waitMs);
    await pause(waitMs, signal);
  }
}

type Tools = {
  readonly tell: OnWatchState;
  readonly failures: { count: number };
  readonly signal: AbortSignal;
};

/** Gives the items of one connection, and at last what ended it. */
async function* untilBroken<Message, Item>(
  watch: Watch<Message, Item>,
  { tell, failures, signal }: Tools,
): AsyncGenerator<Item, ScripError, undefined> {
  let isFirst = true;
  const stream = watch.open();
  const forgive = setTimeout(() => (failures.count = 0), goodMs);
  signal.addEventListener('abort', stream.close);
  if (signal.aborted) stream.close();
  try {
    for (;;) {
      const message = await stream.next().catch((thrown: unknown) => ScripError.from(thrown));
      // A token that was good ends with its time, which is nobody's failure.
      if (message instanceof ScripError && message.reason === 'TOKEN_EXPIRED' && !isFirst) {
        failures.count = 0;
      }
      if (message instanceof ScripError) return message;
      if (isFirst) tell('catching_up');
      isFirst = false;
      for (const item of watch.take(message, tell)) {
        yield item;
        if (signal.aborted) return ended;
      }
    }
  } finally {
    clearTimeout(forgive);
    signal.removeEventListener('abort', stream.close);
    stream.close();
  }
}

const ended = new ScripError('the caller has ended it', { code: 'canceled', cause: undefined });

/** What may be over at the next try: nobody there, a connection cut, a server at its limits. */
const passingCodes: ReadonlySet<ScripErrorCode> = new Set([
  'aborted',
  'canceled',
  'data_loss',
  'deadline_exceeded',
  'internal',
  'resource_exhausted',
  'unavailable',
  'unknown',
]);

/** What a proxy, or another server in the ledger's place, says until the ledger is there again. */
const codesOfOthers: ReadonlySet<ScripErrorCode> = new Set([
  'not_found',
  'permission_denied',
  'unauthenticated',
  'unimplemented',
]);

function mayReconnect(cause: ScripError, renewsToken: boolean): boolean {
  const { code, reason } = cause;
  if (reason === 'TOKEN_EXPIRED') return renewsToken;
  return (passingCodes.has(code) && reason !== 'MESSAGE_TOO_LARGE') || isOfOthers(cause);
}

/** Whether neither the ledger said so nor the caller's own provider of tokens. */
function isOfOthers(cause: ScripError): boolean {
  return codesOfOthers.has(cause.code) && !isOfLedger(cause) && !isOfProvider(cause);
}

function delayMs(cause: ScripError, failureCount: number, policy: ReconnectPolicy): number {
  const { delayMsFirst = delayMsFirstDefault, delayMsMax = delayMsMaxDefault } = policy;
  const { random = () => 1 } = policy;
  if (cause.reason === 'TOKEN_EXPIRED' && failureCount === 1) return 0;
  const growing = Math.min(delayMsFirst * 2 ** (failureCount - 1), delayMsMax);
  // Somebody has to mend it first.
  const delay = (isOfOthers(cause) ? delayMsMax : growing) * random();
  return Math.max(delay, cause.retryAfterMs ?? 0);
}

function onlyChanges(onState: OnWatchState | undefined): OnWatchState {
  let last: WatchState | undefined;
  return (state, ...facts) => {
    if (state === last) return;
    last = state;
    onState?.(state, ...facts);
  };
}
