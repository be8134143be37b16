// Runs the load generator in a process of its own.
import { fork } from 'node:child_process';
import type { GeneratorMessage, Load, LoadResult } from './load/load.ts';

/** Told when the measured window begins and ends, so that others can be measured in it. */
export type WindowSigns = {
  readonly onMeasuring?: () => void;
  readonly onMeasured?: () => void;
};

/** Runs a load to its end. */
export function generate(load: Load, signs: WindowSigns = {}): Promise<LoadResult> {
  const generator = fork(new URL('generator.ts', import.meta.url), {
    execArgv: ['--conditions=@scrip/source', '--max-semi-space-size=32'],
  });
  generator.send(load);
  return new Promise((resolve, reject) => {
    generator.on('message', (message: GeneratorMessage) => {
      if (message.kind === 'measuring') signs.onMeasuring?.();
      if (message.kind === 'measured') signs.onMeasured?.();
      if (message.kind === 'result') resolve(message.result);
    });
    generator.once('exit', () => reject(new Error('The generator ended without a result.')));
  });
}
