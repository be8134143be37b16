// How long calls took, in an HDR histogram: Node's own, which is the C library of that name. Three
// digits of any time from a microsecond on, no list of all times, and hardly any garbage.
import { createHistogram } from 'node:perf_hooks';

/** Times in milliseconds. Those of no call at all are 0. */
export type LatencySummary = {
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
};

export type Latencies = {
  readonly record: (ms: number) => void;
  readonly summarize: () => LatencySummary;
};

export function createLatencies(): Latencies {
  const microseconds = createHistogram({ figures: 3 });
  const at = (percentile: number): number => microseconds.percentile(percentile) / 1_000;
  return {
    record: (ms) => microseconds.record(Math.max(1, Math.round(ms * 1_000))),
    summarize: () => {
      const { count } = microseconds;
      if (count === 0) return { count, p50Ms: 0, p90Ms: 0, p99Ms: 0, p999Ms: 0, maxMs: 0 };
      return {
        count,
        p50Ms: at(50),
        p90Ms: at(90),
        p99Ms: at(99),
        p999Ms: at(99.9),
        maxMs: microseconds.max / 1_000,
      };
    },
  };
}
