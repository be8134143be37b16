// The streams that are open, and what ends them besides themselves: their caller, a stop, the end
// of their key, the time of their token.
import type { ConnectError, HandlerContext } from '@connectrpc/connect';
import type { Clock } from '@scrip/runtime';
import { keyUnknown, tokenExpired, tokenUnknown } from '../../auth/refused-credentials.ts';
import { callerOf, hangUpKey, viewerOf } from '../../call/call-facts.ts';
import { reasonToEnd } from '../../errors/reason-to-end.ts';
import { serviceError } from '../../errors/service-error.ts';
import { createKeyWatch, type KeyWatch, type KeyWatchOptions } from './key-watch.ts';
import { createStreamSeats, type StreamLimits, type StreamSeats } from './stream-seats.ts';

/** A stream while it is open. */
export type OpenStream = {
  /** Aborted when the stream has to end, with the error to end it with. */
  readonly signal: AbortSignal;
  /** Has to be called when the stream ended by itself. */
  readonly close: () => void;
};

export type OpenStreams = {
  /**
   * Opens the stream of a call that was let in. Throws `UNAVAILABLE` while the server stops, and
   * `WATCHES_FULL` when there are too many.
   */
  readonly open: (context: HandlerContext) => OpenStream;
  /** Ends all streams with `UNAVAILABLE`, so that those who watch go elsewhere at once. */
  readonly endAll: () => void;
  /** Streams that are open, by the full name of their method. */
  readonly counts: () => ReadonlyMap<string, number>;
};

export type OpenStreamsOptions = KeyWatchOptions & {
  readonly clock: Clock;
  readonly limits: StreamLimits;
};

/** How long a caller may take to read what a stream ends with. Then its call is broken off. */
const partingMs = 500;

type Streams = {
  readonly seats: StreamSeats;
  readonly keyWatch: KeyWatch;
  readonly clock: Clock;
  readonly open: Set<AbortController>;
  readonly counts: Map<string, number>;
};

/** Makes the register of a process. */
export function createOpenStreams({ clock, limits, ...keys }: OpenStreamsOptions): OpenStreams {
  const open = new Set<AbortController>();
  const seats = createStreamSeats(limits);
  const streams = { seats, keyWatch: createKeyWatch(keys), clock, open, counts: new Map() };
  let isStopping = false;
  return {
    open: (context) => {
      if (isStopping) throw serverStopping();
      return openStream(streams, context);
    },
    endAll: () => {
      isStopping = true;
      for (const stream of open) stream.abort(serverStopping());
    },
    counts: () => streams.counts,
  };
}

function openStream(
  { seats, keyWatch, clock, open, counts }: Streams,
  context: HandlerContext,
): OpenStream {
  const { values, service, method, signal } = context;
  const name = `${service.typeName}/${method.name}`;
  const viewer = viewerOf(values);
  const { id: apiKeyId } = callerOf(values);
  const leaveSeat = seats.take(context);
  const stream = new AbortController();
  const follow = (): void => stream.abort(reasonToEnd(signal.reason));
  const endRevoked = (): void => stream.abort(viewer === undefined ? keyUnknown() : tokenUnknown());
  const close = (): void => {
    if (!open.delete(stream)) return;
    leaveSeat();
    keyWatch.remove(apiKeyId, endRevoked);
    addTo(counts, name, -1);
    signal.removeEventListener('abort', follow);
    forgetExpiry();
  };
  stream.signal.addEventListener('abort', () => {
    close();
    if (!signal.aborted) hangUpLater(context);
  });
  open.add(stream);
  keyWatch.add(apiKeyId, endRevoked);
  addTo(counts, name, 1);
  const endExpired = (): void => stream.abort(tokenExpired());
  const forgetExpiry = callAt(viewer?.expiresAtMs ?? Infinity, clock, endExpired);
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow);
  return { signal: stream.signal, close };
}

/** Calls at an instant of real time. The answer forgets it. */
function callAt(atMs: number, clock: Clock, act: () => void): () => void {
  if (atMs === Infinity) return () => undefined;
  const wait = (): NodeJS.Timeout =>
    setTimeout(
      () => {
        // A timer may be early by a little.
        if (clock.nowMs() >= atMs) act();
        else timer = wait();
      },
      Math.max(0, atMs - clock.nowMs()),
    );
  let timer = wait();
  return () => clearTimeout(timer);
}

// A caller who does not read never takes the end of its stream, and would hold up a stop.
function hangUpLater({ values, signal }: HandlerContext): void {
  const hangUp = values.get(hangUpKey);
  if (hangUp === undefined) return;
  const timer = setTimeout(hangUp, partingMs);
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

function addTo(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

function serverStopping(): ConnectError {
  return serviceError('UNAVAILABLE', { message: 'The server is stopping.' });
}
