// What ends a call early, and when nothing does.
import { Code, ConnectError } from '@connectrpc/connect';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createOpenCalls } from './open-calls.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const cutOff = new AbortController();
const openCalls = createOpenCalls(cutOff.signal, 1_000);
const open = (leftMs?: number) => openCalls.open({ onGone: () => undefined }, leftMs);

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
