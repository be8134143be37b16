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
  let isPoolNext = true;
  const takePool = (): void => {
    if (isPoolNext && rest > 0n) take(freePool(account));
    isPoolNext = false;
  };
  for (const grant of inOrder(account.grants)) {
    if (isAfterPool(grant)) takePool();
    take(freeOf(grant), grant);
    if (rest === 0n) break;
  }
  takePool();
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

/** Looking for the next one is quicker than putting all in order, up to so many. */
const soughtCountMax = 8;

/** Those that have something free: an amount mostly takes the first few, of very many. */
function* inOrder(grants: readonly Grant[]): Generator<Grant> {
  let last: Grant | undefined;
  for (let count = 0; count < soughtCountMax; count++) {
    last = firstAfter(grants, last);
    if (last === undefined) return;
    yield last;
  }
  const others = grants.filter((grant) => isFreeAfter(grant, last));
  const heap = createHeap(others, compareGrants);
  for (let next = heap.pop(); next !== undefined; next = heap.pop()) yield next;
}

function firstAfter(grants: readonly Grant[], last: Grant | undefined): Grant | undefined {
  let first: Grant | undefined;
  for (const grant of grants) {
    if (first !== undefined && compareGrants(grant, first) > 0) continue;
    if (isFreeAfter(grant, last)) first = grant;
  }
  return first;
}

function isFreeAfter(grant: Grant, last: Grant | undefined): boolean {
  if (grant.status !== 'active' || grant.remaining <= grant.held) return false;
  return last === undefined || compareGrants(grant, last) > 0;
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
