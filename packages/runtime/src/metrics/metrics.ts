// The figures of a process, in the text that Prometheus reads. What is measured, and under which
// name, is for those who measure.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type MetricNaming<Label extends string> = {
  /** With the unit and, for a counter, `total` at its end. */
  readonly name: string;
  /** One sentence, shown beside the figure. */
  readonly help: string;
  readonly labels: readonly Label[];
};

/** Adds to a counter. */
export type Count<Label extends string> = (
  labels: Readonly<Record<Label, string>>,
  by?: number,
) => void;

/** Puts one value into a histogram. */
export type Observe<Label extends string> = (
  labels: Readonly<Record<Label, string>>,
  value: number,
) => void;

/** One value of a gauge. */
export type Reading<Label extends string> = {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
};

/** The figures of one process. A name is taken once. */
export type Metrics = {
  readonly counter: <Label extends string = never>(naming: MetricNaming<Label>) => Count<Label>;
  readonly histogram: <Label extends string = never>(
    naming: MetricNaming<Label> & {
      /** The upper ends of the buckets, ascending. */
      readonly buckets: readonly number[];
    },
  ) => Observe<Label>;
  /** `read` is asked whenever the figures are; while it fails, the gauge is absent. */
  readonly gauge: <Label extends string = never>(
    naming: MetricNaming<Label>,
    read: () => readonly Reading<Label>[] | Promise<readonly Reading<Label>[]>,
  ) => void;
  /** Starts a stopwatch that no change of the clock disturbs; tells the seconds since. */
  readonly startTimer: () => () => number;
  /** All figures, those of the process among them, in the form of `metricsContentType`. */
  readonly text: () => Promise<string>;
};

/** The content type of the text: the text format of Prometheus, version 0.0.4. */
export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/** Makes figures that begin with those of the process: processor, memory, event loop, files. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registered = ({ name, help, labels }: MetricNaming<string>) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    counter: (naming) => {
      const counter = new Counter(registered(naming));
      return (labels, by = 1) => counter.inc({ ...labels }, by);
    },
    histogram: (naming) => {
      const histogram = new Histogram({ ...registered(naming), buckets: [...naming.buckets] });
      return (labels, value) => histogram.observe({ ...labels }, value);
    },
    gauge: (naming, read) => {
      const gauge = new Gauge({
        ...registered(naming),
        collect: async () => {
          // What is not told any more is gone, not frozen at its last value.
          gauge.reset();
          gauge.remove({});
          for (const { labels, value } of await readOrNothing(read))
            gauge.set({ ...labels }, value);
        },
      });
    },
    startTimer: () => {
      const startedAtMs = performance.now();
      return () => (performance.now() - startedAtMs) / 1000;
    },
    text: () => registry.metrics(),
  };
}

async function readOrNothing<T>(
  read: () => readonly T[] | Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await read();
  } catch {
    return [];
  }
}
