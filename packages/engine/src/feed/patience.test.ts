// How long failures may go on.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPatience } from './patience.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('is over when nothing succeeded for its time, from the first failure on', () => {
  const patience = createPatience(1_000);
  vi.advanceTimersByTime(5_000);
  expect(patience.fails()).toBe(false);
  vi.advanceTimersByTime(999);
  expect(patience.fails()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(patience.fails()).toBe(true);
});

it('begins anew after a success, even one that comes when it is over', () => {
  const patience = createPatience(1_000);
  patience.fails();
  vi.advanceTimersByTime(500);
  patience.rest();
  expect(patience.fails()).toBe(false);
  vi.advanceTimersByTime(999);
  expect(patience.fails()).toBe(false);
  vi.advanceTimersByTime(1);
  patience.rest();
  expect(patience.fails()).toBe(false);
});
