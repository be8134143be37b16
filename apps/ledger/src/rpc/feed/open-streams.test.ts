// What ends streams, and what is asked while they are open.
import { createContextValues, createHandlerContext } from '@connectrpc/connect';
import { LedgerService } from '@scrip/contract';
import { createLog } from '@scrip/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callerKey, hangUpKey, viewerKey } from '../../call/call-facts.ts';
import { reasonOf } from '../../errors/service-error.ts';
import { createOpenStreams } from './open-streams.ts';
import type { StreamLimits } from './stream-seats.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const plenty = { streamCountMax: 1_000, keyStreamCountMax: 1_000, viewerStreamCountMax: 1_000 };

function open(limits: StreamLimits = plenty) {
  const asked: string[] = [];
  const revoked = new Set<string>();
  let isDown = false;
  const streams = createOpenStreams({
    log: createLog({ level: 'silent' }),
    clock: { nowMs: () => Date.now() },
    limits,
    isKeyGood: async (id) => {
      asked.push(id);
      if (isDown) throw new Error('down');
      return !revoked.has(id);
    },
  });
  return { streams, asked, revoked, breakDown: () => (isDown = true) };
}

function call(apiKeyId: string, expiresAtMs?: number) {
  const request = new AbortController();
  const hungUp = vi.fn<() => void>();
  const values = createContextValues();
  values.set(callerKey, { id: apiKeyId, scopes: [] }).set(hangUpKey, hungUp);
  if (expiresAtMs !== undefined) {
    const scope = { kind: 'customer', customerId: 'c1' } as const;
    values.set(viewerKey, { scope, expiresAtMs });
  }
  const method = LedgerService.method.watchHistory;
  const context = createHandlerContext({
    service: LedgerService,
    method,
    protocolName: 'grpc',
    requestMethod: 'POST',
    url: 'http://localhost',
    requestSignal: request.signal,
    contextValues: values,
  });
  return { context, hungUp, leave: () => request.abort() };
}

const name = 'scrip.ledger.v1.LedgerService/WatchHistory';
const endOf = (signal: AbortSignal) => reasonOf(signal.reason as never);

describe('open streams', () => {
  it('cost one question a key, however many there are, and none when there are none', async () => {
    const { streams, asked } = open();
    await vi.advanceTimersByTimeAsync(2000);
    expect(asked).toEqual([]);
    const opened = Array.from({ length: 100 }, () => streams.open(call('key_1').context));
    opened.push(streams.open(call('key_2').context));
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toEqual(['key_1', 'key_2']);
    for (const { close } of opened) close();
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('end when their key is revoked, and no others', async () => {
    const { streams, revoked } = open();
    const mine = streams.open(call('key_1').context);
    const token = streams.open(call('key_1', Date.now() + 60_000).context);
    const other = streams.open(call('key_2').context);
    revoked.add('key_1');
    await vi.advanceTimersByTimeAsync(500);
    expect([endOf(mine.signal), endOf(token.signal)]).toEqual(['KEY_UNKNOWN', 'KEY_UNKNOWN']);
    expect(other.signal.aborted).toBe(false);
    expect(streams.counts().get(name)).toBe(1);
  });

  it('stay while keys cannot be asked for', async () => {
    const { streams, breakDown, asked } = open();
    breakDown();
    const { signal } = streams.open(call('key_1').context);
    await vi.advanceTimersByTimeAsync(1500);
    expect(asked).toHaveLength(3);
    expect(signal.aborted).toBe(false);
  });

  it('end at the instant at which their token expires, and not before', async () => {
    const { streams } = open();
    const { signal } = streams.open(call('key_1', Date.now() + 3_600_000).context);
    await vi.advanceTimersByTimeAsync(3_599_999);
    expect(signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(endOf(signal)).toBe('TOKEN_EXPIRED');
  });

  it('end with their caller, who is not hung up on', async () => {
    const { streams } = open();
    const { context, leave, hungUp } = call('key_1');
    const { signal } = streams.open(context);
    leave();
    expect(signal.aborted).toBe(true);
    expect(streams.counts().get(name)).toBe(0);
    await vi.advanceTimersByTimeAsync(5000);
    expect(hungUp).not.toHaveBeenCalled();
  });

  it('are refused when there are too many, until one of them has ended', () => {
    const { streams } = open({ ...plenty, streamCountMax: 2 });
    const [first] = [streams.open(call('key_1').context), streams.open(call('key_2').context)];
    const next = call('key_3');
    expect(() => streams.open(next.context)).toThrow('on this process');
    expect(streams.counts().get(name)).toBe(2);
    first?.close();
    first?.close();
    streams.open(next.context);
    expect(() => streams.open(call('key_4').context)).toThrow('on this process');
    next.leave();
    streams.open(call('key_4').context);
  });

  it('end with the server, which hangs up on those who do not read their end', async () => {
    const { streams } = open();
    const reading = call('key_1');
    const stuck = call('key_1');
    const opened = [streams.open(reading.context), streams.open(stuck.context)];
    streams.endAll();
    expect(opened.map(({ signal }) => endOf(signal))).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    reading.context.abort();
    await vi.advanceTimersByTimeAsync(500);
    expect(reading.hungUp).not.toHaveBeenCalled();
    expect(stuck.hungUp).toHaveBeenCalledOnce();
    expect(() => streams.open(call('key_1').context)).toThrow('stopping');
  });
});
