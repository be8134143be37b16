// What the command looks at before it runs, seen from outside, in a Node that is made to differ.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const mainPath = fileURLToPath(new URL('main.ts', import.meta.url));

/** Runs `scrip` in a process of its own, behind a module that changes what Node says or does. */
function runBehind(module: string, parts: readonly string[], env: Record<string, string> = {}) {
  const nodeParts = ['--conditions=@scrip/source', '--import', `data:text/javascript,${module}`];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeParts, mainPath, ...parts],
    {
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

const inNode = (version: string): string =>
  `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;

it.each(['20.19.5', '24.6.0'])('refuses Node %s in one line and ends with 2', (version) => {
  expect(runBehind(inNode(version), ['--version'])).toEqual({
    status: 2,
    stdout: '',
    stderr: `scrip needs Node 24.7 or newer, and this is Node ${version}\n`,
  });
});

it.each(['24.7.0', '25.0.0'])('runs in Node %s', (version) => {
  expect(runBehind(inNode(version), ['--version'])).toMatchObject({ status: 0, stderr: '' });
});

it('has objects kept young in a server', () => {
  const tellFlags = `import v8 from 'node:v8'; import { syncBuiltinESMExports } from 'node:module';
    v8.setFlagsFromString = (flag) => console.log('flag ' + flag); syncBuiltinESMExports()`;
  const dataDir = mkdtempSync(join(tmpdir(), 'scrip-main-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  // No PostgreSQL is there: the start ends right behind its settings.
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', SCRIP_DATA_DIR: dataDir };
  const { stdout } = runBehind(tellFlags, ['start'], env);
  expect(stdout).toContain('flag --no-allocation-site-pretenuring\n');
});
