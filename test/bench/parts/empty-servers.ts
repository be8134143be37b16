// The servers whose handlers do nothing, each in a process of its own.
import { fork } from 'node:child_process';

export type EmptyServers = {
  /** On the stock Connect stack, by version of HTTP. */
  readonly stockH1: EmptyServer;
  readonly stockH2: EmptyServer;
  /** On Node's own servers, by version of HTTP. */
  readonly bareH1: EmptyServer;
  readonly bareH2: EmptyServer;
  readonly stop: () => void;
};

export type EmptyServer = { readonly url: string; readonly pid: number };

export async function startEmptyServers(): Promise<EmptyServers> {
  const stockFile = new URL('../empty-server.ts', import.meta.url);
  const [stockH1, stockH2, bare] = await Promise.all([
    start<string>(stockFile, ['h1']),
    start<string>(stockFile, ['h2']),
    start<{ readonly h1Url: string; readonly h2Url: string }>(
      new URL('../bare-server.ts', import.meta.url),
    ),
  ]);
  return {
    stockH1: { url: stockH1.told, pid: stockH1.pid },
    stockH2: { url: stockH2.told, pid: stockH2.pid },
    bareH1: { url: bare.told.h1Url, pid: bare.pid },
    bareH2: { url: bare.told.h2Url, pid: bare.pid },
    stop: () => {
      for (const server of [stockH1, stockH2, bare]) server.stop();
    },
  };
}

/** Resolves with the first message of the child, which says where it listens. */
async function start<Told>(file: URL, args: readonly string[] = []) {
  const child = fork(file, [...args], { execArgv: ['--conditions=@scrip/source'] });
  const told = await new Promise<Told>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Told));
    child.once('exit', () => reject(new Error('An empty server ended.')));
  });
  return { told, pid: child.pid ?? 0, stop: () => child.disconnect() };
}
