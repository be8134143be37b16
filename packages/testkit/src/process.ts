// Runs the real command `scrip` in a process of its own, for tests that kill it and start it again.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endLeftPostgres } from '@scrip/runtime';

/** The keys that the first start makes, as `keys.json` holds them. */
export type StoreKeys = {
  readonly store_id: string;
  readonly operator: { readonly api_key: string };
  readonly test: { readonly api_key: string };
  readonly prod: { readonly api_key: string };
};

export type ScripOptions = {
  /** Settings, for example `DATABASE_URL`. Nothing else of this process's environment is passed. */
  readonly env?: Readonly<Record<string, string>>;
  /** More flags behind `scrip start`. */
  readonly flags?: readonly string[];
  /** Default: a new folder, which `stop` removes. */
  readonly dataDir?: string;
  /**
   * A file that the log goes to, and is read from only until the server is ready: to read what a
   * busy server says takes a share of the machine. `output` tells no more then.
   */
  readonly logFile?: string;
};

export type ScripProcess = {
  readonly ledgerUrl: string;
  readonly gatewayUrl: string;
  readonly dataDir: string;
  /** The process id now; it changes with `restart`. */
  readonly pid: () => number;
  readonly keys: () => StoreKeys;
  /** Everything written so far, by all runs, on both streams. */
  readonly output: () => string;
  /** Sends a signal and waits for the end of the process; gives its exit code, if it had one. */
  readonly kill: (signal: NodeJS.Signals) => Promise<number | undefined>;
  /** Starts again on the same addresses and data, once the last run has ended or is stopped. */
  readonly restart: () => Promise<void>;
  /** Stops for good, PostgreSQL included, and removes the folder; gives the exit code. */
  readonly stop: () => Promise<number | undefined>;
};

export type CommandResult = {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
};

const mainPath = fileURLToPath(new URL('../../../apps/scrip/src/main.ts', import.meta.url));
const readyMsMax = 120_000;
const pollMs = 20;

/** Ends the process when the pipe on descriptor 3 closes: with the death of its parent. */
const endWithParent = `data:text/javascript,${encodeURIComponent(`
  import { Socket } from 'node:net';
  const end = () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), 10_000).unref();
  };
  const pipe = new Socket({ fd: 3 });
  pipe.once('close', end).on('error', () => undefined).resume().unref();
`)}`;

/** Runs `scrip start` on free ports and waits until it is ready. */
export async function startScrip(options: ScripOptions = {}): Promise<ScripProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'scrip-e2e-')));
  const said: string[] = [];
  const launch = (addresses: Addresses): Promise<Run> => {
    const { ledger, gateway } = addresses;
    const places = ['--ledger-address', ledger, '--gateway-address', gateway];
    const parts = ['start', ...places, '--data-dir', dataDir, ...(options.flags ?? [])];
    const launching = { parts, env: options.env ?? {}, said };
    const { logFile } = options;
    return logFile === undefined
      ? launchUntilReady(launching)
      : launchUntilLogged({ ...launching, logFile });
  };

  const clear = async (): Promise<void> => {
    await endLeftPostgres(dataDir);
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };

  let run = await launch({ ledger: '127.0.0.1:0', gateway: '127.0.0.1:0' }).catch(
    async (error: unknown) => {
      await clear();
      throw error;
    },
  );
  const { addresses } = run;
  const stop = async (): Promise<number | undefined> => {
    const exitCode = await end(run.child, 'SIGTERM');
    await clear();
    return exitCode;
  };
  return {
    ledgerUrl: `http://${addresses.ledger}`,
    gatewayUrl: `http://${addresses.gateway}`,
    dataDir,
    pid: () => run.child.pid ?? 0,
    keys: () => JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')) as StoreKeys,
    output: () => said.join(''),
    kill: (signal) => end(run.child, signal),
    restart: async () => {
      await end(run.child, 'SIGTERM');
      run = await launch(addresses);
    },
    stop,
  };
}

/** Runs any `scrip` command to its end. */
export async function runScrip(
  parts: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const child = spawnScrip(parts, env);
  const { stdout, stderr } = streamsOf(child);
  const [out, err] = await Promise.all([text(stdout), text(stderr), ended(child)]);
  return { exitCode: child.exitCode ?? undefined, stdout: out, stderr: err };
}

type Addresses = { readonly ledger: string; readonly gateway: string };
type Run = { readonly child: ChildProcess; readonly addresses: Addresses };

type Launch = {
  readonly parts: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly said: string[];
};

async function launchUntilReady({ parts, env, said }: Launch): Promise<Run> {
  const child = spawnScrip(parts, env);
  const { promise, resolve, reject } = Promise.withResolvers<Addresses>();
  const { stdout, stderr } = streamsOf(child);
  const fail = (reason: string): void => reject(new Error(`scrip ${reason}:\n${said.join('')}`));
  let unread = '';
  stdout.on('data', (piece: string) => {
    said.push(piece);
    const lines = (unread + piece).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) whenReady(line, resolve);
  });
  stderr.on('data', (piece: string) => said.push(piece));
  child.once('close', () => fail('ended before it was ready'));
  const timer = setTimeout(() => fail('did not become ready'), readyMsMax);
  try {
    return { child, addresses: await promise };
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** As `launchUntilReady`, with the log in a file. */
async function launchUntilLogged(launch: Launch & { readonly logFile: string }): Promise<Run> {
  const log = openSync(launch.logFile, 'w');
  const child = spawnScrip(launch.parts, launch.env, log);
  closeSync(log);
  const { promise, resolve } = Promise.withResolvers<Addresses>();
  let addresses: Addresses | undefined;
  void promise.then((found) => (addresses = found));
  for (const until = performance.now() + readyMsMax; addresses === undefined; await delay(pollMs)) {
    const lines = readFileSync(launch.logFile, 'utf8').split('\n');
    for (const line of lines) whenReady(line, resolve);
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (!hasEnded && performance.now() < until) continue;
    await end(child, 'SIGKILL');
    throw new Error(`scrip did not become ready:\n${lines.join('\n')}`);
  }
  launch.said.push(readFileSync(launch.logFile, 'utf8'));
  return { child, addresses };
}

function whenReady(line: string, resolve: (addresses: Addresses) => void): void {
  if (!line.includes('"msg":"ready"')) return;
  const { ledger, gateway } = JSON.parse(line) as Addresses;
  resolve({ ledger, gateway });
}

function spawnScrip(
  parts: readonly string[],
  env: Launch['env'],
  output: 'pipe' | number = 'pipe',
): ChildProcess {
  const node = ['--conditions=@scrip/source', '--import', endWithParent, mainPath];
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const inherited = { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
  return spawn(process.execPath, [...node, ...parts], {
    env: { ...inherited, ...env },
    stdio: ['ignore', output, output, 'pipe'],
  });
}

function streamsOf({ stdout, stderr }: ChildProcess) {
  if (stdout === null || stderr === null) throw new Error('the process has no output');
  return { stdout: stdout.setEncoding('utf8'), stderr: stderr.setEncoding('utf8') };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | undefined> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  await ended(child);
  return child.exitCode ?? undefined;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
