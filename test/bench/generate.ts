// Runs the load generator in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { GeneratorMessage, Load, LoadResult } from './load/load.ts';

/** Told when the measured window begins and ends, so that others can be measured in it. */
export type WindowSigns = {
  readonly onMeasuring?: () => void;
  readonly onMeasured?: () => void;
};

/** A generator that takes one load after another: what it has learnt to do fast stays so. */
export type Generator = {
  readonly run: (load: Load, signs?: WindowSigns) => Promise<LoadResult>;
  readonly stop: () => Promise<void>;
};

export function startGenerator(): Generator {
  const child = fork(new URL('generator.ts', import.meta.url), {
    execArgv: ['--conditions=@scrip/source', '--max-semi-space-size=32'],
  });
  const run = (load: Load, signs: WindowSigns = {}): Promise<LoadResult> => {
    const { promise, resolve, reject } = Promise.withResolvers<LoadResult>();
    const hear = (message: GeneratorMessage): void => {
      if (message.kind === 'measuring') signs.onMeasuring?.();
      if (message.kind === 'measured') signs.onMeasured?.();
      if (message.kind === 'result') resolve(message.result);
    };
    const fail = (): void => reject(new Error('The generator ended without a result.'));
    child.on('message', hear).once('exit', fail);
    child.send(load);
    return promise.finally(() => child.off('message', hear).off('exit', fail));
  };
  return {
    run,
    stop: async () => {
      if (child.exitCode !== null || !child.connected) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** Runs one load to its end, in a process of its own. */
export async function generate(load: Load): Promise<LoadResult> {
  const generator = startGenerator();
  try {
    return await generator.run(load);
  } finally {
    await generator.stop();
  }
}
