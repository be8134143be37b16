// The page is as live as the worse of its two streams.
import { describe, expect, it } from 'vitest';
import type { StreamStatus } from './connection.ts';
import { describeStatus, describeWait, statusOf } from './connection.ts';

const live: StreamStatus = { kind: 'live' };
const reconnecting: StreamStatus = { kind: 'reconnecting', atMs: 5_000 };

describe('the connection', () => {
  it.each<[StreamStatus, StreamStatus, string]>([
    [live, live, 'Live'],
    [live, { kind: 'catching_up' }, 'Catching up'],
    [{ kind: 'connecting' }, { kind: 'catching_up' }, 'Connecting'],
    [live, reconnecting, 'Reconnecting'],
    [reconnecting, { kind: 'connecting' }, 'Reconnecting'],
  ])('is no better than its streams: %o and %o', (history, balances, words) => {
    expect(describeStatus(statusOf({ streams: { history, balances } }))).toBe(words);
    const swapped = { streams: { history: balances, balances: history } };
    expect(describeStatus(statusOf(swapped))).toBe(words);
  });

  it('says how long it waits, and for the stream that waits longer', () => {
    const later: StreamStatus = { kind: 'reconnecting', atMs: 9_000 };
    const status = statusOf({ streams: { history: reconnecting, balances: later } });
    expect(describeWait(status, 4_500)).toBe('in 5 s');
    expect(describeWait(status, 9_000)).toBe('now');
    expect(describeWait(live, 0)).toBe('');
  });
});
