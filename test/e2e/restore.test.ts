// A backup taken under load and restored beside the original, as the operating guide says it: the
// restored book is intact, and whoever comes from the later history is told so.

import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createScripClient, isReplay, type ScripClient } from '@scrip/client/node';
import { runScrip, startScrip, type ScripProcess } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeBaseBackup } from '../faults/injection/second-postgres.ts';

const writerCount = 8;
const acknowledgedBefore = 200;
const acknowledgedAfter = 200;
const account = { ref: { case: 'externalId', value: 'wallet' } } as const;

type Position = { sequence: bigint; sealedSequence: bigint; chainHash: Uint8Array };

let folder: string;
let original: ScripProcess;
let restored: ScripProcess;
/** Sequences of all that the original acknowledged, by key. */
const acknowledged = new Map<string, bigint>();
/** Where the original stood at the end, and the place that a watcher of it had come to. */
let later: { readonly head: bigint; readonly position: Position };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scrip-restore-'));
  original = await startScrip();
  const client = clientOf(original);
  await client.createAccount({ customerId: 'customer', externalId: account.ref.value });
  const dataDir = join(folder, 'restored');
  await underLoad(client, async () => {
    await reach(acknowledgedBefore);
    await backUp(original.dataDir, dataDir);
    await reach(acknowledged.size + acknowledgedAfter);
  });
  later = { head: (await client.getHead({})).sequence, position: await lastPosition(client) };
  restored = await startScrip({ dataDir });
});

afterAll(async () => {
  await restored?.stop();
  await original?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a backup that was taken under load', () => {
  it('is intact when it is restored, and so is the original beside it', async () => {
    for (const { dataDir } of [restored, original]) {
      const verified = await runScrip(['verify', '--data-dir', dataDir]);
      expect(verified).toMatchObject({ exitCode: 0, stderr: '' });
    }
  });

  it('has all that was acknowledged before it, at the same sequences', async () => {
    const { sequence: head } = await clientOf(restored).getHead({});
    expect(head).toBeLessThan(later.head);
    const kept = [...acknowledged].filter(([, sequence]) => sequence <= head);
    expect(kept.length).toBeGreaterThanOrEqual(acknowledgedBefore);
    const found = await Promise.all(
      kept.map(([idempotencyKey]) => clientOf(restored).getTransactionByKey({ idempotencyKey })),
    );
    const sequences = found.map(({ transaction }) => transaction?.sequence);
    expect(sequences).toEqual(kept.map(([, sequence]) => sequence));
  });

  it('tells readers of the later history that it is not there', async () => {
    const client = clientOf(restored);
    const point = { case: 'atSequence', value: later.head } as const;
    const past = client.getBalance({ account, point });
    await expect(past).rejects.toMatchObject({ reason: 'SEQUENCE_BEYOND_HEAD' });
    const fresh = client.getHead({ minSequence: later.head });
    await expect(fresh).rejects.toMatchObject({ reason: 'SEQUENCE_NOT_REACHED' });
  });

  it('tells watchers of the later history that it diverged', async () => {
    await expect(resume(later.position)).rejects.toMatchObject({ reason: 'HISTORY_DIVERGED' });
  });

  it('books anew what was lost, and replays the rest, when writers send it all again', async () => {
    const client = clientOf(restored);
    const { sequence: head } = await client.getHead({});
    const sendAgain = async ([key, first]: readonly [string, bigint]) => {
      let isReplayed = false;
      const onHeader = (header: Headers): void => void (isReplayed = isReplay(header));
      const { transaction } = await client.credit(creditOf(key), { onHeader });
      const isAsBefore = transaction?.sequence === first;
      return first <= head ? isReplayed && isAsBefore : !isReplayed;
    };
    const areRight = await Promise.all([...acknowledged].map(sendAgain));
    expect(areRight.filter((isRight) => !isRight)).toEqual([]);
    const { balance } = await client.getBalance({ account });
    expect(balance?.balance).toBe(String(acknowledged.size));
    const verified = await runScrip(['verify', '--data-dir', restored.dataDir]);
    expect(verified).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('tells watchers so still, when it is as long again with other events', async () => {
    const { sequence } = await clientOf(restored).getHead({});
    expect(sequence).toBeGreaterThanOrEqual(later.head);
    await expect(resume(later.position)).rejects.toMatchObject({ reason: 'HISTORY_DIVERGED' });
  });
});

function clientOf({ ledgerUrl, keys }: ScripProcess): ScripClient {
  return createScripClient({ baseUrl: ledgerUrl, apiKey: keys().test.api_key });
}

function creditOf(idempotencyKey: string) {
  return { account, amount: '1', reference: 'load', idempotencyKey };
}

/** Eight writers post until the work is done. */
async function underLoad(client: ScripClient, work: () => Promise<void>): Promise<void> {
  let isOver = false;
  const write = async (writer: number): Promise<void> => {
    for (let step = 0; !isOver; step++) {
      const key = `${writer}-${step}`;
      const { transaction } = await client.credit(creditOf(key));
      acknowledged.set(key, transaction?.sequence ?? 0n);
    }
  };
  const writing = Promise.all(Array.from({ length: writerCount }, (_, writer) => write(writer)));
  try {
    await Promise.race([work(), writing]);
  } finally {
    isOver = true;
    await writing;
  }
}

async function reach(count: number): Promise<void> {
  while (acknowledged.size < count) await delay(10);
}

/** What the guide asks for: a base backup at `postgres` in a new folder, `keys.json` beside it. */
async function backUp(dataDir: string, target: string): Promise<void> {
  mkdirSync(join(target, 'postgres'), { recursive: true, mode: 0o700 });
  const [, , , port = '', socketDir = ''] = readFileSync(
    join(dataDir, 'postgres/postmaster.pid'),
    'utf8',
  ).split('\n');
  const from = {
    dataDir: join(dataDir, 'postgres'),
    socketPath: join(socketDir, `.s.PGSQL.${port}`),
    user: 'scrip',
    database: 'postgres',
  };
  await takeBaseBackup(from, join(target, 'postgres'));
  cpSync(join(dataDir, 'keys.json'), join(target, 'keys.json'));
}

/** The place of the last event, as a watcher keeps it. */
async function lastPosition(client: ScripClient): Promise<Position> {
  const { sequence: head } = await client.getHead({});
  const start = { case: 'fromSequence', value: head } as const;
  for await (const { position } of client.watchHistory({ start })) return position;
  throw new Error('the feed has ended');
}

/** Goes on behind a position, up to the first event. */
async function resume(position: Position): Promise<void> {
  const start = { case: 'after', value: position } as const;
  for await (const _ of clientOf(restored).watchHistory({ start })) return;
}
