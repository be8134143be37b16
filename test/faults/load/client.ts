// One client: one call at a time, retried with the same key while its outcome is open.
import { setTimeout as delay } from 'node:timers/promises';
import type { BatchAnswer, WriteAnswer } from '../history/answer.ts';
import { isAboutAccount, writesOf, type Batch, type Write } from '../history/call.ts';
import type { Api } from './api.ts';
import type { Attempt, Attempts } from './attempt.ts';
import { chooseBatch } from './choose-batch.ts';
import { chooseRead, patienceOf } from './choose-read.ts';
import { chooseWrite } from './choose-write.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

export type ClientParts = {
  readonly world: World;
  readonly attempts: Attempts;
  /** The servers of the book; a retry may go to another one than the first attempt. */
  readonly apis: readonly Api[];
};

export type Client = ClientParts & { readonly number: number; readonly random: Random };

const readShare = 0.25;
const batchShare = 0.04;
/** Unknown outcomes that are left for the final history to tell. */
const leftShare = 0.1;
const attemptCountMax = 40;
const pauseMsMax = 400;

/** Works until it is told to stop. */
export async function runClient(client: Client, signal: AbortSignal): Promise<void> {
  const { world, random, apis, attempts, number } = client;
  while (!signal.aborted) {
    if (random.chance(readShare)) {
      const api = random.pick(apis);
      if (api === undefined) return;
      const read = chooseRead(world, random);
      const caller = { client: number, ...patienceOf(world, read) };
      const { outcome } = await attempts.make(caller, api, read);
      if (outcome === 'failed' || outcome === 'unknown') await pause(random, 4);
    } else if (random.chance(batchShare)) {
      await sendBatch(client, chooseBatch(world, random), signal);
    } else {
      const write = chooseWrite(world, random);
      world.writes.push(write);
      await send(client, write, signal);
    }
  }
}

/** Sends a write until something is known about it, or until it is left open on purpose. */
export async function send(client: Client, write: Write, signal: AbortSignal): Promise<void> {
  const { world, random, attempts, apis, number } = client;
  const key = write.request.idempotencyKey;
  for (let count = 1; count <= attemptCountMax; count += 1) {
    const api = random.pick(apis);
    if (api === undefined) return;
    const attempt = await attempts.make(number, api, write);
    note(world, write, attempt);
    if (attempt.outcome === 'ok' || attempt.outcome === 'refused') return;
    const isLeft = attempt.outcome === 'unknown' && random.chance(leftShare);
    if (signal.aborted || isLeft || key === undefined) return;
    await pause(random, count);
  }
}

/** As `send`: a batch is sent again as a whole, with the keys of its items. */
async function sendBatch(client: Client, batch: Batch, signal: AbortSignal): Promise<void> {
  const { world, random, attempts, apis, number } = client;
  for (let count = 1; count <= attemptCountMax; count += 1) {
    const api = random.pick(apis);
    if (api === undefined) return;
    const { outcome, answer } = await attempts.make(number, api, batch);
    if (outcome === 'ok') learnBatch(world, batch, answer as BatchAnswer);
    if (outcome === 'ok' || outcome === 'refused') return;
    const isLeft = outcome === 'unknown' && random.chance(leftShare);
    if (signal.aborted || isLeft) return;
    await pause(random, count);
  }
}

function learnBatch(world: World, batch: Batch, { results = [] }: BatchAnswer): void {
  for (const [index, write] of writesOf(batch).entries()) {
    const transaction = results[index]?.posted?.transaction;
    if (transaction !== undefined) {
      world.learn(write, { transaction, sequence: transaction.sequence });
    }
  }
}

/** Keeps what was learnt, and which calls about accounts have to be settled at the end. */
export function note(world: World, write: Write, { outcome, answer }: Attempt): void {
  const key = write.request.idempotencyKey;
  if (outcome === 'ok') world.learn(write, answer as WriteAnswer);
  if (key === undefined || !isAboutAccount(write)) return;
  if (outcome === 'ok') world.open.delete(key);
  if (outcome === 'unknown') world.open.set(key, write);
}

async function pause(random: Random, count: number): Promise<void> {
  await delay(Math.min(pauseMsMax, 20 * 2 ** count) * (0.5 + random.next()));
}
