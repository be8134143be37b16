// Whether objects that live for a while are made young all the same, asked of V8 in a process of
// its own, since what is set is set for all of it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const place = new URL('./young-objects.ts', import.meta.url).href;

/** Makes objects that outlive some collections; tells how many the last ones take. */
const work = `
  import { GCProfiler } from 'node:v8';
  import { keepObjectsYoung } from '${place}';
  keepObjectsYoung();
  const kept = new Array(600_000);
  let count = 0;
  const make = (i) => ({ i, parts: [i, i + 1, i + 2, i + 3], more: { i } });
  const renew = () => { for (let i = 0; i < kept.length; i++) kept[i] = make(count++); };
  for (let time = 0; time < 6; time++) renew();
  const profiler = new GCProfiler();
  profiler.start();
  for (let time = 0; time < 4; time++) renew();
  console.log(profiler.stop().statistics.filter(({ gcType }) => gcType === 'Scavenge').length);
`;

// Beside the work V8 may compile too late to make any of them old.
const atOnce = ['--no-concurrent-recompilation', '--no-maglev'];

it('makes objects young whose like was seen to live long, by an option that V8 knows', async () => {
  const args = [...atOnce, '--input-type=module', '--eval', work];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  expect(stderr).toBe('');
  expect(Number(stdout)).toBeGreaterThan(4);
});
