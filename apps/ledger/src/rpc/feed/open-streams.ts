// The streams that are open, and what ends them besides themselves: their caller, a stop, their key,
// their token's time.
import type { ConnectError, HandlerContext } from '@connectrpc/connect';
import type { Clock } from '@scrip/runtime';
import { assert } from '@scrip/kernel';
import { callerKey, hangUpKey, viewerOf } from '../../call/call-facts.ts';
import { reasonToEnd } from '../../errors/reason-to-end.ts';
import { serviceError } from '../../errors/service-error.ts';
import { createKeyWatch, type KeyWatch, type KeyWatchOptions } from './key-watch.ts';

/** A stream while it is open. */
export type OpenStream = {
  /** Aborted when the stream has to end, with the error to end it with. */
  readonly signal: AbortSignal;
  /** Has to be called when the stream ended by itself. */
  readonly close: () => void;
};

export type OpenStreams = {
  /** Opens the stream of a call that was let in. Throws `UNAVAILABLE` while the server stops. */
  readonly open: (context: HandlerContext) => OpenStream;
  /** Ends all streams with `UNAVAILABLE`, so that those who watch go elsewhere at once. */
  readonly endAll: () => void;
  /** Streams that are open, by the name of their method. */
  readonly counts: () => ReadonlyMap<string, number>;
};

export type OpenStreamsOptions = Omit<KeyWatchOptions, 'end'> & { readonly clock: Clock };

/** How long a caller may take to read what a stream ends with. Then its call is broken off. */
const partingMs = 500;

type Streams = {
  readonly keyWatch: KeyWatch;
  readonly clock: Clock;
  readonly open: Set<AbortController>;
  readonly counts: Map<string, number>;
};

/** Makes the register of a process. */
export function createOpenStreams({ clock, ...keys }: OpenStreamsOptions): OpenStreams {
  const end = (stream: AbortController): void => stream.abort(keyRevoked());
  const open = new Set<AbortController>();
  const streams = { keyWatch: createKeyWatch({ ...keys, end }), clock, open, counts: new Map() };
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

function openStream(streams: Streams, context: HandlerContext): OpenStream {
  const { values, method, signal } = context;
  const stream = new AbortController();
  const apiKeyId = viewerOf(values)?.apiKeyId ?? values.get(callerKey)?.id;
  assert(apiKeyId !== undefined, 'a stream has the key that let it in');
  const follow = (): void => stream.abort(reasonToEnd(signal.reason));
  const forgetExpiry = expire(stream, viewerOf(values)?.expiresAtMs, streams.clock);
  streams.open.add(stream);
  streams.keyWatch.add(apiKeyId, stream);
  addTo(streams.counts, method.name, 1);
  const close = (): void => {
    if (!streams.open.delete(stream)) return;
    streams.keyWatch.remove(apiKeyId, stream);
    addTo(streams.counts, method.name, -1);
    forgetExpiry();
    signal.removeEventListener('abort', follow);
  };
  stream.signal.addEventListener('abort', () => {
    close();
    if (!signal.aborted) hangUpLater(context);
  });
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow);
  return { signal: stream.signal, close };
}

/** Ends a stream at an instant of real time. The answer forgets it. */
function expire(
  stream: AbortController,
  expiresAtMs: number | undefined,
  clock: Clock,
): () => void {
  if (expiresAtMs === undefined) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const leftMs = expiresAtMs - clock.nowMs();
    // A timer may be early by a little.
    if (leftMs <= 0) stream.abort(tokenExpired());
    else timer = setTimeout(wait, leftMs);
  };
  timer = setTimeout(wait, Math.max(0, expiresAtMs - clock.nowMs()));
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

function keyRevoked(): ConnectError {
  return serviceError('KEY_UNKNOWN', { message: 'The API key was revoked.' });
}

function tokenExpired(): ConnectError {
  return serviceError('TOKEN_EXPIRED', { message: 'The access token has expired.' });
}
