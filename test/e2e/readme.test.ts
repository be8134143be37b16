// The README is run: every example in its order against a real server, and its tables and links
// are looked up.

import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { settingsTable } from '@scrip/runtime';
import { type ScripProcess, startScrip } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Example, readExamples } from './readme-blocks.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const [keyExample, ...examples] = readExamples(readme);

let scrip: ScripProcess;
/** A folder that looks like the clone after its first start, and one of a project elsewhere. */
let clone: string;
let elsewhere: string;

beforeAll(async () => {
  scrip = await startScrip();
  clone = await mkdtemp(join(tmpdir(), 'scrip-clone-'));
  await symlink(scrip.dataDir, join(clone, '.data'));
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'));
  elsewhere = join(clone, 'elsewhere');
  await mkdir(join(elsewhere, 'node_modules'), { recursive: true });
  await symlink(join(root, 'node_modules/creem-1.13'), join(elsewhere, 'node_modules/creem'));
});

afterAll(async () => {
  await scrip?.stop();
  if (clone !== undefined) await rm(clone, { recursive: true });
});

describe('the README', () => {
  it('begins with the test key of the first start', async () => {
    expect(keyExample?.code).toMatch(/^export KEY=/);
    const { stdout } = await runBash(`${keyExample?.code ?? ''}\necho "$KEY"`);
    expect(stdout.trim()).toBe(scrip.keys().test.api_key);
  });

  it('has an example for each of the ways in', () => {
    const headings = examples.map(({ heading }) => heading);
    expect(headings).toEqual([
      'with curl, over REST',
      'with curl, over Connect',
      'with the official `creem` SDK',
      'with the TypeScript client',
      'with `buf curl`, over gRPC',
      'many at once',
      'hold, then settle',
      'a massage a month',
      'as it happens',
    ]);
  });

  it.each(examples)('shows what it gets $heading', async (example) => {
    const { stdout, stderr } = await run(example);
    expect(stderr).toBe('');
    expect(example.output).toBeDefined();
    expect(comparable(example, stdout)).toEqual(comparable(example, example.output?.text ?? ''));
  });

  it('lists every setting with its default', () => {
    expect(readme).toContain(settingsTable());
  });

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = [...readme.matchAll(/^(?:\S+=\S+ )?npm (?:run )?(\w+)/gm)].map(
      ([, name]) => name,
    );
    expect(named).not.toEqual([]);
    expect(named.filter((name) => scripts[name ?? ''] === undefined)).toEqual([]);
  });
});

describe('the pages', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'proto/README.md'].concat(
    globSync('docs/*.md', { cwd: root }),
    globSync('{packages,apps,test}/*/README.md', { cwd: root }),
    globSync('apps/*/src/*/README.md', { cwd: root }),
  );

  it.each(pages)('link to what is there: %s', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, to = '']) => to);
    const missing = targets.filter((to) => !existsSync(join(root, dirname(page), to)));
    expect(missing).toEqual([]);
  });

  it('name a test for every invariant, by its file and its words', () => {
    const text = readFileSync(join(root, 'docs/invariants.md'), 'utf8').replaceAll(/\s+/g, ' ');
    const [, ...invariants] = text.split(/(?= \d+\. \*\*)/);
    const proof = /`([\w/.-]+\.ts)`: ((?:"[^"]+"(?:, )?)+)/g;
    expect(invariants.filter((each) => each.match(proof) === null)).toEqual([]);
    const missing = [...text.matchAll(proof)].flatMap(([, file = '', claims = '']) => {
      const source = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
      const quoted = [...claims.matchAll(/"([^"]+)"/g)].map(([, claim = '']) => claim);
      return quoted.filter((claim) => !source.includes(claim)).map((claim) => `${file}: ${claim}`);
    });
    expect(missing).toEqual([]);
  });
});

async function run(
  example: Example,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const code = example.code
    .replaceAll('http://127.0.0.1:7480', scrip.gatewayUrl)
    .replaceAll('http://127.0.0.1:7410', scrip.ledgerUrl);
  if (example.language === 'bash') return runBash(code);
  const folder = example.language === 'js' ? elsewhere : clone;
  const path = join(folder, example.language === 'js' ? 'first.mjs' : 'first.ts');
  await writeFile(path, code);
  const conditions = example.language === 'js' ? [] : ['--conditions=@scrip/source'];
  return execute(process.execPath, [...conditions, path], { cwd: folder, env: environment() });
}

function runBash(code: string) {
  const script = `set -euo pipefail\n${keyExample?.code ?? ''}\n${code}`;
  // What the machine's own start-up file says is none of the README's.
  return execute('bash', ['--norc', '-c', script], { cwd: clone, env: environment() });
}

function environment() {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NODE_NO_WARNINGS: '1',
    KEY: scrip.keys().test.api_key,
  };
}

const idOrInstant =
  /\b(?:cc[ate]|sto|grt|hld)_[0-9A-Za-z]{11}\b|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)/g;
const uuid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

/** JSON is compared by its values; ids and instants of their kind are taken for equal. */
function comparable({ output }: Example, text: string): unknown {
  const named = text.replaceAll(uuid, 'uuid');
  const masked = named.replaceAll(idOrInstant, (found) => found.slice(0, 3)).trim();
  const kinds = masked.replaceAll(/"20\d"/g, '"instant"');
  return output?.language === 'json' ? (JSON.parse(kinds) as unknown) : kinds;
}
