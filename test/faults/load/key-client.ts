// A client that makes API keys, calls with them, and revokes them: a revoked key opens nothing.
import { setTimeout as delay } from 'node:timers/promises';
import type { KeyAnswer } from '../history/answer.ts';
import type { KeyCall } from '../history/call.ts';
import type { Attempt } from './attempt.ts';
import { chooseRead } from './choose-read.ts';
import { choosePosting } from './choose-write.ts';
import { note, type Client } from './client.ts';

const useCountMax = 6;
/** Calls go on for so long after a revocation, to see that the key is refused from then on. */
const afterMs = 1_600;
const pauseMs = 60;
const restMsMax = 1_500;
const attemptCountMax = 40;

/** Works until it is told to stop, or told that the key of the run may make no keys. */
export async function runKeyClient(client: Client, signal: AbortSignal): Promise<void> {
  const { random } = client;
  while (!signal.aborted) {
    const name = `${client.world.run}-key`;
    const request = { name, scopes: ['ledger:read', 'ledger:write'] };
    const { outcome, answer } = await once(client, { method: 'CreateApiKey', request });
    if (outcome === 'refused') return;
    if (outcome === 'ok') await live(client, answer as KeyAnswer, signal);
    await rest(random.next() * restMsMax, signal);
  }
}

/** The life of one key: used, revoked, and used on. */
async function live(
  client: Client,
  { key, apiKey }: KeyAnswer,
  signal: AbortSignal,
): Promise<void> {
  const terms = { client: client.number, apiKeyId: key.id, apiKey };
  for (let count = client.random.below(useCountMax); count > 0; count -= 1) {
    await use(client, terms);
  }
  const call = { method: 'RevokeApiKey', request: { apiKeyId: key.id } } as const;
  for (let count = 0; count < attemptCountMax; count += 1) {
    const { outcome } = await once(client, call);
    if (outcome === 'ok') break;
    await delay(pauseMs * 5);
  }
  for (const until = performance.now() + afterMs; performance.now() < until && !signal.aborted;) {
    await use(client, terms);
    await delay(pauseMs);
  }
}

async function rest(restMs: number, signal: AbortSignal): Promise<void> {
  await delay(restMs, undefined, { signal }).catch(() => undefined);
}

type Terms = { readonly client: number; readonly apiKeyId: string; readonly apiKey: string };

/** One call with the key, a read or a posting, to any of the servers. */
async function use(client: Client, terms: Terms): Promise<void> {
  const { world, random, attempts, apis } = client;
  const api = random.pick(apis);
  if (api === undefined) return;
  if (random.chance(0.5)) {
    await attempts.make(terms, api, chooseRead(world, random));
    return;
  }
  const write = choosePosting(world, random);
  note(world, write, await attempts.make(terms, api, write));
}

async function once({ random, apis, attempts, number }: Client, call: KeyCall): Promise<Attempt> {
  const api = random.pick(apis);
  if (api === undefined) throw new Error('a load has servers');
  return attempts.make(number, api, call);
}
