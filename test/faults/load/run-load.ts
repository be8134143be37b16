// A load: many clients on one book, recorded, ended by a read of the whole history.
import { setTimeout as delay } from 'node:timers/promises';
import { createRecorder } from '../history/recorder.ts';
import { createApi } from './api.ts';
import { createAttempts } from './attempt.ts';
import { createAccount } from './choose-write.ts';
import { runClient, send, type Client, type ClientParts } from './client.ts';
import { runKeyClient } from './key-client.ts';
import { createRandom } from './random.ts';
import { insist, readBack, settle } from './settle.ts';
import { createWorld } from './world.ts';

export type LoadOptions = {
  /** The addresses of the servers of one book. */
  readonly urls: readonly string[];
  readonly apiKey: string;
  readonly seed: number;
  readonly clientCount: number;
  readonly historyPath: string;
  /** What the servers are told, in milliseconds. */
  readonly timeoutMs?: number;
};

export type Load = {
  /** Operations so far, without those that were told to have failed. */
  readonly operationCount: () => number;
  readonly inFlightCount: () => number;
  readonly unknownCount: () => number;
  /** Writes that were answered. */
  readonly acceptedCount: () => number;
  /** Stops the clients, settles what is open, reads everything back and closes the history. */
  readonly finish: () => Promise<void>;
};

const timeoutMsDefault = 5_000;
const firstAccountCount = 60;

/** Starts the clients once the first accounts are made. Nobody else may write the book. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { urls, apiKey, seed, timeoutMs = timeoutMsDefault } = options;
  const apis = urls.map((url) => createApi({ url, apiKey, timeoutMs }));
  const baseSequence = await readBase(apis);
  const run = `f${seed}-${baseSequence}`;
  const head = { version: 2, run, seed, baseSequence } as const;
  const recorder = createRecorder(options.historyPath, head);
  const parts: ClientParts = {
    world: createWorld(run),
    attempts: createAttempts(recorder),
    apis,
  };
  const stop = new AbortController();
  const clients = Array.from({ length: options.clientCount }, (_, number) => ({
    ...parts,
    number,
    random: createRandom(seed * 1_000 + number),
  }));
  await makeFirstAccounts(clients, stop.signal);
  const keyClient = {
    ...parts,
    number: options.clientCount,
    random: createRandom(seed * 1_000 + options.clientCount),
  };
  const working = [
    ...clients.map((client) => runClient(client, stop.signal)),
    runKeyClient(keyClient, stop.signal),
  ];
  const finish = async (): Promise<void> => {
    stop.abort();
    await Promise.all(working);
    // What was sent last may still be under way on a server, up to its deadline.
    if (parts.attempts.unknownCount() > 0) await delay(timeoutMs + 1_000);
    await settle(parts);
    await readBack(parts, baseSequence);
    recorder.close();
    for (const api of apis) api.close();
  };
  return {
    operationCount: parts.attempts.judgedCount,
    inFlightCount: parts.attempts.inFlightCount,
    unknownCount: parts.attempts.unknownCount,
    acceptedCount: parts.attempts.acceptedCount,
    finish,
  };
}

async function readBase(apis: ClientParts['apis']): Promise<number> {
  const nowhere = { append: () => undefined, count: () => 0, close: () => undefined };
  const parts = { apis, attempts: createAttempts(nowhere), world: createWorld('') };
  const { outcome, sequence, reason } = await insist(parts, { method: 'GetHead', request: {} });
  if (outcome !== 'ok') throw new Error(`the book cannot be read: ${reason}`);
  return sequence ?? 0;
}

async function makeFirstAccounts(clients: readonly Client[], signal: AbortSignal): Promise<void> {
  const [first] = clients;
  if (first === undefined) return;
  while (first.world.accounts.length < firstAccountCount) {
    await send(first, createAccount(first.world, first.random), signal);
  }
}
