// What the command line says, and its exit codes.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { run } from './program.ts';

async function runCaptured(line: string, env: Record<string, string> = {}) {
  const written = { stdout: '', stderr: '' };
  const capture = (name: 'stdout' | 'stderr') =>
    vi.spyOn(process[name], 'write').mockImplementation((piece) => {
      written[name] += String(piece);
      return true;
    });
  const error = vi.spyOn(console, 'error').mockImplementation((text: string) => {
    written.stderr += `${text}\n`;
  });
  const spies = [capture('stdout'), capture('stderr'), error];
  onTestFinished(() => spies.forEach((spy) => spy.mockRestore()));
  const exitCode = await run(line.split(' '), env);
  return { exitCode, ...written };
}

describe('scrip', () => {
  it('prints its commands for --help and ends with 0', async () => {
    const { exitCode, stdout } = await runCaptured('--help');
    expect(exitCode).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(commands).toEqual(['start', 'migrate', 'keys', 'status', 'verify']);
  });

  it('prints its version', async () => {
    expect(await runCaptured('--version')).toMatchObject({ exitCode: 0, stdout: '0.1.0\n' });
  });

  it.each([
    ['strat', "scrip: unknown command 'strat' (Did you mean start?)\n"],
    ['keys drop', "scrip: unknown command 'drop'\n"],
    ['start --ledger-adress x', /^scrip: unknown option '--ledger-adress'[^\n]*\n$/],
    ['start --log loud', /^scrip: --log must be one of [^\n]*\n$/],
    ['start now', /^scrip: too many arguments for 'start'[^\n]*\n$/],
    ['migrate --ledger-address 127.0.0.1:0', /^scrip: unknown option '--ledger-address'[^\n]*\n$/],
    ['keys make', /^scrip: required option '--mode <mode>' not specified\n$/],
    ['keys make --mode live', /^scrip: option '--mode <mode>' argument 'live' is invalid[^\n]*\n$/],
  ])('refuses "scrip %s" in one line and ends with 2', async (line, message) => {
    const { exitCode, stdout, stderr } = await runCaptured(line);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('refuses an unknown and a malformed variable by name', async () => {
    const unknown = await runCaptured('start', { SCRIP_PORT: '1' });
    expect(unknown).toMatchObject({ exitCode: 2 });
    expect(unknown.stderr).toMatch(/^scrip: SCRIP_PORT is not a setting[^\n]*\n$/);
    const malformed = await runCaptured('migrate', { DATABASE_URL: 'hunter2' });
    expect(malformed).toMatchObject({ exitCode: 2 });
    expect(malformed.stderr).toMatch(/^scrip: DATABASE_URL must be [^\n]*\n$/);
    expect(malformed.stderr).not.toContain('hunter2');
  });

  it('asks no server for its status where there is no store', async () => {
    let askedCount = 0;
    const server = createServer((_request, response) => response.end(String((askedCount += 1))));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const dataDir = join(tmpdir(), 'scrip-without-a-store');
    const line = `status --gateway-address 127.0.0.1:${port} --data-dir ${dataDir}`;
    const { exitCode, stderr } = await runCaptured(line);
    expect({ exitCode, stderr, askedCount }).toEqual({
      exitCode: 1,
      stderr: `scrip: there is no store in ${dataDir} yet; run scrip start once\n`,
      askedCount: 0,
    });
  });
});
