// The connection as the page tells it: that of two streams, and the worse of them is the page's.

/** Where one stream stands. */
export type StreamStatus =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'catching_up' }
  | { readonly kind: 'live' }
  /** Nobody looks at the page: the stream was let go. */
  | { readonly kind: 'paused' }
  /** The last try failed; the next one is at this instant. */
  | { readonly kind: 'reconnecting'; readonly atMs: number };

export type StreamName = 'history' | 'balances';

export type Connection = {
  readonly streams: Readonly<Record<StreamName, StreamStatus>>;
  /** When the ledger was last heard, heartbeats included; absent before the first time. */
  readonly heardAtMs?: number;
};

export const unconnected: Connection = {
  streams: { history: { kind: 'connecting' }, balances: { kind: 'connecting' } },
};

/** The worse of the two streams. Of two that reconnect it is the one that tries later. */
export function statusOf({ streams }: Connection): StreamStatus {
  const { history, balances } = streams;
  return rankOf(balances) > rankOf(history) ? balances : history;
}

/** The status in a few words. Tells no seconds: those change too often to be read aloud. */
export function describeStatus(status: StreamStatus): string {
  switch (status.kind) {
    case 'connecting':
      return 'Connecting';
    case 'catching_up':
      return 'Catching up';
    case 'live':
      return 'Live';
    case 'paused':
      return 'Paused while hidden';
    case 'reconnecting':
      return 'Reconnecting';
  }
}

/** What stands behind these words: how long until the next try. */
export function describeWait(status: StreamStatus, nowMs: number): string {
  if (status.kind !== 'reconnecting') return '';
  const seconds = Math.ceil((status.atMs - nowMs) / 1_000);
  return seconds > 0 ? `in ${seconds} s` : 'now';
}

function rankOf(status: StreamStatus): number {
  switch (status.kind) {
    case 'live':
      return 0;
    case 'catching_up':
      return 1;
    case 'connecting':
      return 2;
    case 'paused':
      return 3;
    case 'reconnecting':
      return 4 + status.atMs;
  }
}
