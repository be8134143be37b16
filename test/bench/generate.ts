// Runs the load generator in a process of its own.
import { fork } from 'node:child_process';
import type { Load, LoadResult } from './generator.ts';

export function generate(load: Load): Promise<LoadResult> {
  const generator = fork(new URL('generator.ts', import.meta.url));
  generator.send(load);
  return new Promise((resolve, reject) => {
    generator.once('message', (result) => resolve(result as LoadResult));
    generator.once('exit', () => reject(new Error('The generator ended without a result.')));
  });
}
