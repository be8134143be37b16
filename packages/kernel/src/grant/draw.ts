// From which credits an amount is taken: the order of consumption is a law.
import { availableBalance, type Account } from '../account/account.ts';
import { assert } from '../value/assert.ts';
import { createHeap } from '../value/heap.ts';
import { freeOf, type Allocation, type Grant } from './grant.ts';

/** The priority of the pool, and of grants that name none. */
export const poolPriority = 50;

/** What the pool has free: credits without terms that no hold keeps. */
export function freePool(account: Account): bigint {
  const inGrants = account.grants.reduce((sum, grant) => sum + freeOf(grant), 0n);
  return availableBalance(account) - inGrants;
}

/**
 * Takes an amount of what is available, which must cover it: by priority, then what expires
 * soonest, then promotional before paid, then by effective instant, then by age; the pool ranks as
 * priority 50, paid, never expiring, and last among equals.
 */
export function draw(account: Account, amount: bigint): readonly Allocation[] {
  // Without grants there is no order to keep.
  if (account.grants.length === 0) return [{ amount }];
  const allocations: Allocation[] = [];
  let rest = amount;
  const take = (free: bigint, grant?: Grant): void => {
    const part = free < rest ? free : rest;
    if (part <= 0n) return;
    allocations.push({ ...(grant === undefined ? {} : { grantId: grant.id }), amount: part });
    rest -= part;
  };
  // An account may have very many, and an amount mostly takes the first of them.
  const left = createHeap(account.grants.filter(hasFree), compareGrants);
  const takeWhile = (isMeant: (grant: Grant) => boolean): void => {
    for (let next = left.peek(); rest > 0n && next !== undefined; next = left.peek()) {
      if (!isMeant(next)) return;
      take(freeOf(next), next);
      left.pop();
    }
  };
  takeWhile((grant) => !isAfterPool(grant));
  if (rest > 0n) take(freePool(account));
  takeWhile(isAfterPool);
  assert(rest === 0n, 'what is available covers what is drawn');
  return allocations;
}

/** The order of consumption. */
export function compareGrants(a: Grant, b: Grant): number {
  return (
    a.priority - b.priority ||
    compareNumbers(a.expiresAt ?? Infinity, b.expiresAt ?? Infinity) ||
    rankOf(a) - rankOf(b) ||
    a.effectiveAt - b.effectiveAt ||
    a.sequence - b.sequence
  );
}

function hasFree(grant: Grant): boolean {
  return freeOf(grant) > 0n;
}

/** The pool comes before every grant of a later priority, and after all others. */
function isAfterPool(grant: Grant): boolean {
  return grant.priority > poolPriority;
}

function rankOf({ category }: Grant): number {
  return category === 'promotional' ? 0 : 1;
}

function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
