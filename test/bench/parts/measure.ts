// A load with the CPU that everybody used for it, in microseconds of one core for each call.
import { generate } from '../generate.ts';
import type { Load, LoadResult } from '../load/load.ts';
import { coreSeconds, familyCoreSeconds } from '../processes.ts';
import type { Row } from '../report/table.ts';

/** Whose CPU is counted, apart from the generator's own. */
export type Counted = { readonly serverPid: number; readonly postgresPid?: number };

export type Measured = LoadResult & {
  readonly serverMicros: number;
  readonly postgresMicros: number;
  readonly generatorMicros: number;
};

export async function measureLoad(load: Load, counted: Counted): Promise<Measured> {
  const used = (): readonly [server: number, postgres: number] => [
    coreSeconds(counted.serverPid),
    counted.postgresPid === undefined ? 0 : familyCoreSeconds(counted.postgresPid),
  ];
  let [before, after] = [used(), used()];
  const result = await generate(load, {
    onMeasuring: () => (before = used()),
    onMeasured: () => (after = used()),
  });
  const micros = (seconds: number): number => (seconds * 1_000_000) / result.count;
  return {
    ...result,
    serverMicros: micros(after[0] - before[0]),
    postgresMicros: micros(after[1] - before[1]),
    generatorMicros: micros(result.generatorMs / 1_000),
  };
}

/** A row of a table of loads. */
export function rowOf(name: string, measured: Measured): Row {
  return {
    load: name,
    'calls/s': measured.callsPerSecond,
    'p50 ms': measured.p50Ms,
    'p99 ms': measured.p99Ms,
    'max ms': measured.maxMs,
    'server µs': measured.serverMicros,
    'pg µs': measured.postgresMicros,
    'load µs': measured.generatorMicros,
    'load cores': measured.generatorMs / measured.measuredMs,
  };
}
