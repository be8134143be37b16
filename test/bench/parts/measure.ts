// A load with the CPU that everybody used for it, in microseconds of one core for each call.
import type { Generator } from '../generate.ts';
import type { Load, LoadResult } from '../load/load.ts';
import { coreSeconds, familyCoreSeconds, machineCoreSeconds } from '../processes.ts';
import type { Row } from '../report/table.ts';

/** Whose CPU is counted, apart from the generator's own. */
export type Counted = { readonly serverPid: number; readonly postgresPid?: number };

export type Measured = LoadResult & {
  readonly serverMicros: number;
  readonly postgresMicros: number;
  readonly generatorMicros: number;
  /** Cores that neither server nor PostgreSQL nor generator used: the machine was not quiet. */
  readonly otherCores: number;
};

export async function measureLoad(
  generator: Generator,
  load: Load,
  counted: Counted,
): Promise<Measured> {
  const used = (): Used => ({
    server: coreSeconds(counted.serverPid),
    postgres: counted.postgresPid === undefined ? 0 : familyCoreSeconds(counted.postgresPid),
    machine: machineCoreSeconds(),
  });
  let [before, after] = [used(), used()];
  const result = await generator.run(load, {
    onMeasuring: () => (before = used()),
    onMeasured: () => (after = used()),
  });
  const own = result.generatorMs / 1_000;
  const [server, postgres] = [after.server - before.server, after.postgres - before.postgres];
  const others = after.machine - before.machine - server - postgres - own;
  const micros = (seconds: number): number => (seconds * 1_000_000) / result.count;
  return {
    ...result,
    serverMicros: micros(server),
    postgresMicros: micros(postgres),
    generatorMicros: micros(own),
    otherCores: Math.max(0, (others * 1_000) / result.measuredMs),
  };
}

/** Seconds of one core so far. */
type Used = { readonly server: number; readonly postgres: number; readonly machine: number };

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
    'other cores': measured.otherCores,
  };
}
