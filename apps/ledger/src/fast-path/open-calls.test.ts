// What ends a call early, and when nothing does.
import { Code, ConnectError } from '@connectrpc/connect';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createOpenCalls } from './open-calls.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const cutOff = new AbortController();
const openCalls = createOpenCalls(cutOff.signal, 1_000);
const open = (leftMs?: number) => openCalls.open({ onGone: () => undefined }, leftMs);

/** A call whose caller may go. */
function openFor() {
  let leave = (): void => undefined;
  const onGone = (told: () => void): void => void (leave = told);
  const call = openCalls.open({ onGone }, undefined);
  return { call, leave: () => leave() };
}

const codeOf = ({ reason }: AbortSignal) => (reason instanceof ConnectError ? reason.code : 0);

it('ends a call that named no deadline after the default', () => {
  const { signal } = open();
  vi.advanceTimersByTime(999);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(codeOf(signal)).toBe(Code.DeadlineExceeded);
});

it('keeps a deadline that is longer than the default', () => {
  const { signal } = open(5_000);
  vi.advanceTimersByTime(4_999);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(codeOf(signal)).toBe(Code.DeadlineExceeded);
});

it('lets a stream that has begun go on, but for the deadline of its caller', () => {
  const [endless, bounded] = [open(), open(5_000)];
  endless.goOn();
  bounded.goOn();
  vi.advanceTimersByTime(4_999);
  expect([endless.signal.aborted, bounded.signal.aborted]).toEqual([false, false]);
  vi.advanceTimersByTime(100_000);
  expect([endless.signal.aborted, bounded.signal.aborted]).toEqual([false, true]);
});

it('ends a stream that does not begin after the default', () => {
  const { signal } = open();
  vi.advanceTimersByTime(1_000);
  expect(codeOf(signal)).toBe(Code.DeadlineExceeded);
});

it('ends no call that was answered', () => {
  const call = open();
  call.close();
  vi.advanceTimersByTime(10_000);
  expect(call.signal.aborted).toBe(false);
});

it('answers what waits for a call when its caller goes', async () => {
  const { call, leave } = openFor();
  const answer = call.orEnd(() => new Promise(() => undefined));
  leave();
  await expect(answer).rejects.toMatchObject({ code: Code.Canceled });
  expect(codeOf(call.signal)).toBe(Code.Canceled);
});

it('answers what waits for a call when its time is over, and begins nothing after', async () => {
  const call = open();
  const answer = call.orEnd(() => new Promise(() => undefined));
  vi.advanceTimersByTime(1_000);
  await expect(answer).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  const begin = vi.fn<() => Promise<void>>();
  await expect(call.orEnd(begin)).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  expect(begin).not.toHaveBeenCalled();
});

it('gives what comes of the work, whatever ends the call after', async () => {
  const { call, leave } = openFor();
  const answer = call.orEnd(() => Promise.resolve('done'));
  expect(await answer).toBe('done');
  call.close();
  leave();
  expect(call.signal.aborted).toBe(false);
});

it('tells a signal that is asked for late that the call has ended', () => {
  const { call, leave } = openFor();
  leave();
  expect(codeOf(call.signal)).toBe(Code.Canceled);
});

it('ends all that are open when they are cut off, and none that was answered', () => {
  const stop = new AbortController();
  const calls = createOpenCalls(stop.signal, 1_000);
  const [first, second, third, fourth, last] = Array.from({ length: 5 }, () =>
    calls.open({ onGone: () => undefined }, undefined),
  );
  for (const answered of [third, last, third, first]) answered?.close();
  const late = calls.open({ onGone: () => undefined }, undefined);
  stop.abort();
  const ended = [first, second, third, fourth, last, late].map((call) => call?.aborted);
  expect(ended).toEqual([false, true, false, true, false, true]);
});

it('does not end a call that is answered while others are cut off', () => {
  const stop = new AbortController();
  const calls = createOpenCalls(stop.signal, 1_000);
  const [first, second, third] = Array.from({ length: 3 }, () =>
    calls.open({ onGone: () => undefined }, undefined),
  );
  second?.signal.addEventListener('abort', () => {
    first?.close();
    third?.close();
  });
  stop.abort();
  // The newest was ended before.
  expect([first, second, third].map((call) => call?.aborted)).toEqual([false, true, true]);
});
