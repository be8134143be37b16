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
  const [stock, bare] = await Promise.all([
    start(new URL('../empty-server.ts', import.meta.url)),
    start(new URL('../bare-server.ts', import.meta.url)),
  ]);
  return {
    stockH1: { url: stock.told.h1Url, pid: stock.pid },
    stockH2: { url: stock.told.h2Url, pid: stock.pid },
    bareH1: { url: bare.told.h1Url, pid: bare.pid },
    bareH2: { url: bare.told.h2Url, pid: bare.pid },
    stop: () => {
      stock.stop();
      bare.stop();
    },
  };
}

type Told = { readonly h1Url: string; readonly h2Url: string };

/** Resolves with the first message of the child, which says where it listens. */
async function start(file: URL) {
  const child = fork(file, { execArgv: ['--conditions=@scrip/source'] });
  const told = await new Promise<Told>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Told));
    child.once('exit', () => reject(new Error('An empty server ended.')));
  });
  return { told, pid: child.pid ?? 0, stop: () => child.disconnect() };
}
