// A proxy that cuts connections on which nothing comes for a while: Debian's haproxy.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const executablePath = '/usr/sbin/haproxy';
const startMsMax = 60_000;

export type SilenceCutter = { readonly stop: () => Promise<void> };

export type SilenceCutterOptions = {
  /** From a port of the proxy to the port of a server. Both on 127.0.0.1. */
  readonly ports: Readonly<Record<number, number>>;
  /** After how many seconds of silence a connection is cut. */
  readonly cutSeconds: number;
};

/** Starts the proxy, and waits until it listens. */
export async function startSilenceCutter(options: SilenceCutterOptions): Promise<SilenceCutter> {
  if (!existsSync(executablePath)) {
    throw new Error(`there is no ${executablePath}; install Debian's haproxy`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'scrip-proxy-'));
  const configPath = join(folder, 'haproxy.cfg');
  await writeFile(configPath, configOf(options));
  const child = spawn(executablePath, ['-db', '-f', configPath], { stdio: 'inherit' });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true });
  };
  try {
    for (const port of Object.keys(options.ports)) await untilListening(Number(port), child);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A port that nobody listens on. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function configOf({ ports, cutSeconds }: SilenceCutterOptions): string {
  const timeouts = ['client', 'server', 'tunnel', 'http-keep-alive'].map(
    (name) => `  timeout ${name} ${cutSeconds}s`,
  );
  const listeners = Object.entries(ports).map(
    ([from, to]) => `listen p${from}\n  bind 127.0.0.1:${from}\n  server s 127.0.0.1:${to}\n`,
  );
  return ['defaults', '  mode http', '  timeout connect 5s', ...timeouts, '', ...listeners].join(
    '\n',
  );
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + startMsMax;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const answer = await Promise.race([
      once(socket, 'connect').then(() => 'open'),
      once(socket, 'error').then(() => 'shut'),
    ]).catch(() => 'shut');
    socket.destroy();
    if (answer === 'open') return;
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`haproxy does not listen on ${port}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
