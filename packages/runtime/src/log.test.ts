// What the log writes, and what it leaves out.

import { type ChildProcess, spawn } from 'node:child_process';
import assert from 'node:assert';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { createLog } from './log.ts';

function capture(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  write(createLog({ level: 'info', stream }));
  return lines.join('');
}

it('writes one JSON object a line with an ISO instant', () => {
  const text = capture((log) => log.info({ port: 7410 }, 'ready'));
  expect(JSON.parse(text)).toMatchObject({ port: 7410, msg: 'ready', level: 30 });
  expect(text).toMatch(/"time":"\d{4}-\d\d-\d\dT[\d:.]+Z"/);
});

it('is silent below its level', () => {
  expect(capture((log) => log.debug('detail'))).toBe('');
});

it('leaves out keys and authorizations, also within headers', () => {
  const headers = { authorization: 'Bearer hunter2', 'x-api-key': 'hunter2' };
  const secrets = { apiKey: 'hunter2', api_key: 'hunter2', databaseUrl: 'postgres://hunter2@db' };
  const text = capture((log) => log.info({ ...secrets, headers, request: { headers } }, 'called'));
  expect(text).not.toContain('hunter2');
  expect(text.match(/\[left out\]/g)).toHaveLength(7);
});

/** Runs a program that has a log on its standard output. */
function logFrom(program: string, output: 'pipe' | number = 'pipe'): ChildProcess {
  const place = fileURLToPath(new URL('log.ts', import.meta.url));
  const imported = `import { createLog } from '${place}';`;
  const source = `${imported} const log = createLog({ level: 'info' }); ${program}`;
  const parts = ['--input-type=module', '-e', source];
  const child = spawn(process.execPath, parts, { stdio: ['ignore', output, 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

it('writes every line of a process that ends at once', async () => {
  const lines = 'for (let n = 0; n < 2000; n++) log.info({ n }, "called");';
  const { stdout } = logFrom(`${lines} setTimeout(() => { ${lines} process.exit(0); }, 50);`);
  assert(stdout !== null, 'the output is a pipe');
  expect((await readAll(stdout)).trim().split('\n')).toHaveLength(4000);
});

it('writes every line of a process that crashes', async () => {
  const { stdout } = logFrom('log.info("called"); throw new Error("a bug");');
  assert(stdout !== null, 'the output is a pipe');
  expect(await readAll(stdout)).toContain('"msg":"called"');
});

it('writes the lines of a process that goes on', async () => {
  const child = logFrom('log.info("called"); setInterval(() => {}, 1000);');
  assert(child.stdout !== null, 'the output is a pipe');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill();
  expect(line.toString()).toContain('"msg":"called"');
});

const flood = 'for (let n = 0; n < 64_000; n++) log.info({ n, pad: "x".repeat(1000) }, "called");';

it('lets a process end though nobody reads', async () => {
  const end = 'setTimeout(() => { log.info("called"); process.exit(3); }, 100);';
  const child = logFrom(`${flood} ${end}`);
  expect(await once(child, 'exit')).toEqual([3, null]);
});

it('lets a process go on and end though the disk of its output is full', async () => {
  const disk = openSync('/dev/full', 'w');
  const end = 'setTimeout(() => { log.info("called"); process.exit(3); }, 300);';
  const child = logFrom(`log.info("called"); ${end}`, disk);
  closeSync(disk);
  expect(await once(child, 'exit')).toEqual([3, null]);
});

it('holds a bounded part of the lines that nobody reads, and writes whole ones', async () => {
  const { stdout } = logFrom(flood);
  assert(stdout !== null, 'the output is a pipe');
  const text = await readAll(stdout);
  expect(text.length).toBeGreaterThan(8 * 1024 * 1024);
  expect(text.length).toBeLessThan(17 * 1024 * 1024);
  for (const line of text.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
});
