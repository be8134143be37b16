// The whole bench with hardly any time: that every figure is there, and that nothing failed.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { goals } from './report/goals.ts';

const tiny = [
  ['--seconds', '1'],
  ['--accounts', '200'],
  ['--in-flight', '32'],
  ['--posts', '2000'],
  ['--history', '1000'],
  ['--rate', '100'],
  ['--latency-minutes', '0.03'],
].flat();
/** Measured by the feed's parts, or by the long form alone. */
const elsewhere = [
  'rate_at_1m_vs_empty',
  'rate_at_5m_vs_empty',
  'posts_with_10k_watchers_vs_without',
  'feed_deliveries_per_core_second',
];
const named = [
  ...Object.keys(goals).filter((name) => !elsewhere.includes(name)),
  'batch_posts_per_second',
  'rate_at_2k_vs_empty',
  'latency_p99_ms',
  'latency_worst_ms',
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scrip-bench-test-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('measures every figure, verifies the book and ends well', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const json = join(folder, 'figures.json');
  const parts = ['--conditions=@scrip/source', main, ...tiny, '--json', json];
  const { stdout, code } = await run(parts);
  const figures = JSON.parse(await readFile(json, 'utf8')) as Record<string, number>;
  expect(Object.entries(figures).filter(([, figure]) => !Number.isFinite(figure))).toEqual([]);
  expect(named.filter((name) => !(name in figures))).toEqual([]);
  expect({ failures: figures['failures'], stdout }).toMatchObject({ failures: 0 });
  expect(code).toBe(0);
  expect(stdout).toMatch(/fsync +on/);
  expect(stdout).toMatch(/acknowledged (\d+) posts, the book has \1 more entries/);
  expect(stdout).toMatch(/test: intact/);
});

/** What a bench said that came to its end, and its exit code. */
async function run(parts: readonly string[]): Promise<{ stdout: string; code: number }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, parts);
    return { stdout, code: 0 };
  } catch (error) {
    const ended = error as { stdout: string; code: number };
    if (ended.stdout.includes('load average now')) return ended;
    throw error;
  }
}

it('refuses a part that there is not', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const parts = ['--conditions=@scrip/source', main, '--part', 'nothing'];
  await expect(promisify(execFile)(process.execPath, parts)).rejects.toThrow(
    'There is no part nothing',
  );
});
