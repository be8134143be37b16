// That the histogram gives the percentiles of the whole list.
import { describe, expect, it } from 'vitest';
import { createLatencies } from './latencies.ts';
import { createRandom } from './random.ts';

/** The smallest time that is not exceeded by such a share of them. */
function exactly(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}

describe('createLatencies', () => {
  it('gives percentiles within a thousandth of those of the whole list', () => {
    const random = createRandom(3);
    const times = Array.from({ length: 50_000 }, () => 0.05 + 20 * random() ** 8);
    const latencies = createLatencies();
    for (const ms of times) latencies.record(ms);
    const sorted = times.toSorted((a, b) => a - b);
    const { count, p50Ms, p90Ms, p99Ms, p999Ms, maxMs } = latencies.summarize();
    expect(count).toBe(50_000);
    const pairs = [
      [p50Ms, 0.5],
      [p90Ms, 0.9],
      [p99Ms, 0.99],
      [p999Ms, 0.999],
      [maxMs, 1],
    ] as const;
    for (const [is, share] of pairs) {
      const exact = exactly(sorted, share);
      // Three digits, and times are kept in whole microseconds.
      expect(Math.abs(is - exact)).toBeLessThan(exact * 0.002 + 0.001);
    }
  });

  it('shows one stall among a thousand calls in the worst time and not in the median', () => {
    const latencies = createLatencies();
    for (let n = 0; n < 999; n++) latencies.record(1);
    latencies.record(750);
    const { p50Ms, maxMs } = latencies.summarize();
    expect(p50Ms).toBeCloseTo(1, 2);
    expect(maxMs).toBeGreaterThan(749);
  });

  it('gives noughts for no calls', () => {
    expect(createLatencies().summarize()).toMatchObject({ count: 0, p50Ms: 0, maxMs: 0 });
  });
});
