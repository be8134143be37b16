// That calls are due at the rate asked for, as from callers who do not know of each other.
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { createSchedule } from './schedule.ts';

const callsPerSecond = 500;

function firstDue(count: number): readonly number[] {
  const next = createSchedule(callsPerSecond, createRandom(11));
  return Array.from({ length: count }, next);
}

describe('createSchedule', () => {
  it('has as many calls due as the rate says', () => {
    const count = 100_000;
    const seconds = (firstDue(count).at(-1) ?? 0) / 1_000;
    expect(count / seconds / callsPerSecond).toBeGreaterThan(0.98);
    expect(count / seconds / callsPerSecond).toBeLessThan(1.02);
  });

  it('never goes back', () => {
    const due = firstDue(10_000);
    expect(due).toEqual(due.toSorted((a, b) => a - b));
  });

  it('leaves gaps as of callers who do not know of each other', () => {
    const due = firstDue(50_000);
    const gaps = due.map((at, i) => at - (due[i - 1] ?? 0));
    const meanMs = 1_000 / callsPerSecond;
    // Of such gaps a share of 1/e is longer than the mean.
    const longer = gaps.filter((gap) => gap > meanMs).length / gaps.length;
    expect(Math.abs(longer - 1 / Math.E)).toBeLessThan(0.01);
  });
});
