// Hears of books to which some process wrote, on one connection while anybody wants to know.
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { ConnectionSettings } from '../connection/parse-database-url.ts';
import type { ConnectionUse } from '../connection/guarded-pool.ts';
import { poolSettings } from '../connection/pool-settings.ts';
import { wakeChannel } from './wake-channel.ts';

/** A wake-up. */
interface Wake {
  readonly bookId: number;
  /** The server's process that sent it. */
  readonly serverProcessId: number;
}

/** Told a wake-up, or nothing where anything may have been missed. */
type OnWake = (wake: Wake | undefined) => void;

/** Hears wake-ups for all who listen. */
export interface WakeListener {
  /** Begins to listen. The answer ends it. */
  listen(onWake: OnWake): () => void;
  /** One that is busy hears wake-ups; one that is waited for is being tried to make. */
  connectionUse(): ConnectionUse;
  /** Ends all listening; nobody hears anything from then on. */
  close(): Promise<void>;
}

/** One stretch of time in which somebody listens. */
interface Hearing {
  readonly ending: AbortController;
  isConnected: boolean;
}

/** Makes a listener. It connects when somebody listens, and again whenever a connection breaks. */
export function createWakeListener(connection: ConnectionSettings): WakeListener {
  const listeners = new Set<{ readonly onWake: OnWake }>();
  const tell: OnWake = (wake) => {
    for (const { onWake } of listeners) onWake(wake);
  };
  const running = new Set<Promise<void>>();
  let hearing: Hearing | undefined;
  let isClosed = false;
  const begin = (): void => {
    hearing = { ending: new AbortController(), isConnected: false };
    const run = keepHearing(connection, hearing, tell).finally(() => running.delete(run));
    running.add(run);
  };
  const end = (): void => {
    hearing?.ending.abort();
    hearing = undefined;
  };
  return {
    listen: (onWake) => {
      const listener = { onWake };
      listeners.add(listener);
      if (hearing === undefined && !isClosed) begin();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) end();
      };
    },
    connectionUse: () => ({
      role: 'listen',
      busyCount: Number(hearing?.isConnected === true),
      idleCount: 0,
      waitingCount: Number(hearing?.isConnected === false),
      countMax: 1,
    }),
    close: async () => {
      isClosed = true;
      end();
      await Promise.all(running);
    },
  };
}

const firstDelayMs = 100;
const delayMsMax = 5_000;

async function keepHearing(
  connection: ConnectionSettings,
  hearing: Hearing,
  tell: OnWake,
): Promise<void> {
  const { signal } = hearing.ending;
  let delayMs = firstDelayMs;
  while (!signal.aborted) {
    const wasConnected = await hear(connection, hearing, tell);
    delayMs = wasConnected ? firstDelayMs : Math.min(2 * delayMs, delayMsMax);
    await sleep(delayMs, undefined, { signal }).catch(ignore);
  }
}

/**
 * Hears until the connection breaks, and answers whether there was one. A peer that died in silence
 * is noticed by the probes of TCP, some 15 s after the last sign of it.
 */
async function hear(
  connection: ConnectionSettings,
  hearing: Hearing,
  tell: OnWake,
): Promise<boolean> {
  const { signal } = hearing.ending;
  const socket = new Socket();
  // A farewell to a server that is gone would wait for it; closing the socket does not.
  const close = (): void => void socket.destroy();
  signal.addEventListener('abort', close);
  const client = new Client({ ...poolSettings(connection, 'listen'), stream: () => socket });
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  client.on('error', ignore);
  client.on('notification', ({ payload, processId }) => {
    if (!signal.aborted) tell({ bookId: Number(payload), serverProcessId: processId });
  });
  try {
    await client.connect();
    await client.query(`listen ${wakeChannel}`);
    hearing.isConnected = true;
    // What was sent while nobody heard it is lost.
    if (!signal.aborted) tell(undefined);
    await ended;
    return true;
  } catch {
    return false;
  } finally {
    hearing.isConnected = false;
    signal.removeEventListener('abort', close);
    close();
  }
}

function ignore(): void {
  // Whoever listens also looks by himself; a broken connection is made again.
}
