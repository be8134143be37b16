// Writers: each does one act after another, and insists on it over the loss of servers.
import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Random } from '../../faults/load/random.ts';
import { chooseAct, type Act } from './acts.ts';
import { acknowledge, type Ledger, type World } from './world.ts';

export type WritersOptions = {
  readonly world: World;
  /** One for each server of the book. */
  readonly ledgers: readonly Ledger[];
  readonly writerCount: number;
  readonly random: Random;
  /** The mean pause between two acts. */
  readonly pauseMs: number;
};

const lost: readonly Code[] = [
  Code.Unavailable,
  Code.Unknown,
  Code.Aborted,
  Code.Canceled,
  Code.Internal,
  Code.DeadlineExceeded,
  Code.ResourceExhausted,
];

/** Starts them; the answer ends them and resolves when the last one is done. */
export function startWriters(options: WritersOptions): () => Promise<void> {
  const ending = new AbortController();
  const done = Array.from({ length: options.writerCount }, (_, writer) =>
    write(options, { writer, signal: ending.signal }),
  );
  return async () => {
    ending.abort();
    await Promise.all(done);
  };
}

type Writer = { readonly writer: number; readonly signal: AbortSignal };

async function write(options: WritersOptions, { writer, signal }: Writer): Promise<void> {
  const { world, random, pauseMs } = options;
  for (let step = 0; !signal.aborted; step++) {
    await insist(options, chooseAct({ world, random, key: `${writer} ${step}` }));
    // Now and then all is quiet for longer than the feed takes to look again by itself.
    const factor = random.chance(0.003) ? 60 : 2 * random.next();
    await delay(pauseMs * factor);
  }
}

async function insist({ world, ledgers, random }: WritersOptions, act: Act): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const ledger = random.pick(ledgers);
    if (ledger === undefined) throw new Error('There is no server to write to.');
    const sentAtMs = performance.now();
    try {
      const { sequence } = await act(ledger);
      // An answer on a later try may be a replay of what was written at the first.
      if (attempt === 0) acknowledge(world, sentAtMs, sequence);
      world.headSequence = Math.max(world.headSequence, Number(sequence));
      return;
    } catch (error) {
      if (!lost.includes(ConnectError.from(error).code)) return;
      await delay(100);
    }
  }
  throw new Error('A writer was not answered for 20 seconds.');
}
