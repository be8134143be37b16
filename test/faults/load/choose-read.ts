// Chooses the next read; one in four is aimed at something that does not exist.
import type { Read } from '../history/call.ts';
import { pickAccount, refOf } from './choose-write.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const missingShare = 0.25;
const pageSizeMax = 20;

/** Reads that ask for a sequence, and how far ahead of what was answered by then. */
const freshShare = 0.15;
const aheadCountMax = 40;
const farShare = 0.04;
const farAway = 1_000_000_000;
const farMs = 400;

/** The next read of a client. */
export function chooseRead(world: World, random: Random): Read {
  const read = random.chance(missingShare) ? missing(world, random) : present(world, random);
  if (!random.chance(freshShare)) return read;
  const minSequence = String(chooseMinSequence(world, random));
  return { ...read, request: { ...read.request, minSequence } } as Read;
}

/** Reached already, about to be reached so that the read waits, or never reached. */
function chooseMinSequence(world: World, random: Random): number {
  if (random.chance(farShare)) return farAway + random.below(1_000);
  if (random.chance(0.4)) return world.highest() + 1 + random.below(aheadCountMax);
  return random.chance(0.5) ? world.highest() : (world.sequences.pick(random) ?? 0);
}

/** A read that waits in vain gets a deadline of its own: the ledger would wait for 5 seconds. */
export function patienceOf(world: World, { request }: Read): { readonly timeoutMs?: number } {
  const isFar = Number(request.minSequence ?? 0) >= world.highest() + farAway / 2;
  return isFar ? { timeoutMs: farMs } : {};
}

function present(world: World, random: Random): Read {
  const account = refOf(pickAccount(world, random), random);
  const pageSize = 1 + random.below(pageSizeMax);
  const choices: readonly (() => Read)[] = [
    () => ({ method: 'GetBalance', request: { account } }),
    () => ({ method: 'GetBalance', request: { account } }),
    () => ({
      method: 'GetBalance',
      request: { account, atSequence: String(world.sequences.pick(random) ?? 0) },
    }),
    () => ({ method: 'GetBalance', request: { account, ...instantOf(world, random) } }),
    () => ({ method: 'GetAccount', request: { account } }),
    () => ({ method: 'ListEntries', request: { account, pageSize } }),
    () => ({ method: 'ListTransactions', request: { account, pageSize } }),
    () => ({
      method: 'ListTransactions',
      request: { reference: `${world.run}-r${random.below(500)}`, pageSize },
    }),
    () => ({ method: 'ListTransactions', request: { pageSize } }),
    () => ({
      method: 'BatchGetBalances',
      request: { accounts: [account, refOf(pickAccount(world, random), random)] },
    }),
    () => transactionOf(world.transactions.pick(random)?.id ?? 'cct_00000000000'),
    () => ofKey(world.writes.pick(random)?.request.idempotencyKey ?? 'none'),
    () => ({ method: 'GetHead', request: {} }),
  ];
  return (choices[random.below(choices.length)] ?? choices[0])?.() ?? head;
}

const head: Read = { method: 'GetHead', request: {} };

function missing(world: World, random: Random): Read {
  const account = { externalId: `${world.run}-a${random.below(1e6) + 1e6}` };
  const token = randomToken(random);
  const choices: readonly (() => Read)[] = [
    () => ({ method: 'GetBalance', request: { account } }),
    () => ({ method: 'GetBalance', request: { account: { id: `cca_${token}` } } }),
    () => ({ method: 'GetAccount', request: { account: { id: `cca_${token}` } } }),
    () => ({ method: 'ListEntries', request: { account, pageSize: 5 } }),
    () => ({
      method: 'BatchGetBalances',
      request: { accounts: [refOf(pickAccount(world, random), random), account] },
    }),
    () => transactionOf(`cct_${token}`),
    // An id of the right form that names a line, or an account where a transaction is asked for.
    () => transactionOf(world.transactions.pick(random)?.entries[0]?.id ?? 'cce_00000000000'),
    () => transactionOf((random.pick(world.accounts)?.id ?? 'cca_0').replace('cca_', 'cct_')),
    () => ofKey(`${world.run}-k${random.below(1e6) + 1e9}`),
    () => ({
      method: 'ListTransactions',
      request: { reference: `${world.run}-none${random.below(100)}`, pageSize: 5 },
    }),
    () => ({
      method: 'GetBalance',
      request: { account: refOf(random.pick(world.accounts), random), atSequence: '999999999999' },
    }),
  ];
  return (choices[random.below(choices.length)] ?? choices[0])?.() ?? head;
}

function instantOf(world: World, random: Random): { readonly at?: string } {
  const at = world.instants.pick(random);
  return at === undefined ? {} : { at };
}

function transactionOf(transactionId: string): Read {
  return { method: 'GetTransaction', request: { transactionId } };
}

function ofKey(idempotencyKey: string): Read {
  return { method: 'GetTransactionByKey', request: { idempotencyKey } };
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function randomToken(random: Random): string {
  return Array.from({ length: 11 }, () => letters[random.below(letters.length)]).join('');
}
