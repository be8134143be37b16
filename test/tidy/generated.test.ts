// What is generated and committed is what generating gives.
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './source-files.ts';

const generatedFolder = 'packages/contract/src/gen';
const scratch = mkdtempSync(join(tmpdir(), 'scrip-generated-'));
const bin = join(root, 'node_modules/.bin');
const env = { ...process.env, PATH: [bin, process.env['PATH']].join(delimiter) };

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the generated contract', () => {
  it('equals what proto/ generates now', async () => {
    await promisify(execFile)(join(bin, 'buf'), ['generate', '-o', join(scratch, 'proto')], {
      cwd: join(root, 'proto'),
      env,
    });
    expect(listStale(readTree(root), readTree(scratch))).toEqual([]);
  });

  it('is stale when a file differs, is missing or is left over', () => {
    const committed = new Map([
      ['a', '1'],
      ['b', '1'],
      ['c', '1'],
    ]);
    const fresh = new Map([
      ['a', '1'],
      ['b', '2'],
      ['d', '1'],
    ]);
    expect(listStale(committed, fresh)).toEqual(['b', 'c', 'd']);
  });
});

type Tree = ReadonlyMap<string, string>;

function readTree(folder: string): Tree {
  const base = join(folder, generatedFolder);
  const paths = globSync('**/*.ts', { cwd: base });
  return new Map(paths.map((path) => [path, readFileSync(join(base, path), 'utf8')]));
}

function listStale(committed: Tree, fresh: Tree): readonly string[] {
  const paths = new Set([...committed.keys(), ...fresh.keys()]);
  return [...paths].filter((path) => committed.get(path) !== fresh.get(path)).toSorted();
}
