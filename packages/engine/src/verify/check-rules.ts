// The rules that every event must keep, whoever decided it: they are checked anew from what the
// events say, and not by the code that decides.
import {
  availableBalance,
  grantsOf,
  holdOf,
  postingOf,
  signedAmount,
  type Account,
  type Allocation,
  type BookEvent,
  type BookState,
  type Grant,
  type GrantId,
  type Hold,
  type Posting,
} from '@scrip/kernel';

/** What an event found of the grants and of the hold that it touches. */
export interface TermsBefore {
  readonly grants: ReadonlyMap<GrantId, Grant>;
  readonly hold: Hold | undefined;
}

const nothingBefore: TermsBefore = { grants: new Map(), hold: undefined };

/** Notes what an event that is about to be applied will find. Most events touch no terms. */
export function termsBefore(state: BookState, event: BookEvent): TermsBefore {
  const touched = grantsOf(event);
  const after = holdOf(event);
  if (touched.length === 0 && after === undefined) return nothingBefore;
  const grants = touched.flatMap(({ id, accountId }) => {
    return state.accounts.get(accountId)?.grants.filter((grant) => grant.id === id) ?? [];
  });
  const holds = after && state.accounts.get(after.accountId)?.holds;
  return {
    grants: new Map(grants.map((grant) => [grant.id, grant])),
    hold: holds?.find(({ id }) => id === after?.id),
  };
}

/** The first rule that an applied event breaks, as a sentence without its subject. */
export function brokenRule(
  state: BookState,
  event: BookEvent,
  before: TermsBefore,
): string | undefined {
  const posting = postingOf(event);
  const broken = posting && brokenPosting(state, posting);
  return broken ?? brokenTerms(event, before, posting) ?? brokenKeeping(state, event);
}

function brokenPosting(state: BookState, { transaction, counterpart }: Posting) {
  const sum = transaction.entries.reduce((total, entry) => total + signedAmount(entry), 0n);
  if (sum !== 0n && counterpart === undefined) return 'does not balance';
  for (const { accountId, amount, allocations } of transaction.entries) {
    const account = state.accounts.get(accountId);
    if (account === undefined) continue;
    if (availableBalance(account) < 0n) return `takes account ${accountId} below zero`;
    if (lacksPool(account)) return `takes the pool of account ${accountId} below zero`;
    // What allocations lack to the amount is the pool's.
    const parts = allocations === undefined ? 0n : sumOf(allocations);
    if (parts > amount) return `allocates more than it moves on account ${accountId}`;
  }
  return undefined;
}

function brokenTerms(event: BookEvent, before: TermsBefore, posting: Posting | undefined) {
  const hasParts = posting?.transaction.entries.some(({ allocations }) => allocations);
  if (before === nothingBefore && hasParts !== true) return undefined;
  return brokenGrants(event, before, posting) ?? brokenHold(event, before, posting);
}

/** What a grant has in the balance and what holds keep of it change as the event's parts say. */
function brokenGrants(event: BookEvent, before: TermsBefore, posting: Posting | undefined) {
  const moved = movedByGrant(posting);
  const kept = keptByGrant(before.hold, holdOf(event));
  for (const grant of grantsOf(event)) {
    const { id, amount, remaining, held, expired, voided } = grant;
    const earlier = before.grants.get(id);
    if (countedOf(grant) - countedOf(earlier) !== (moved.get(id) ?? 0n)) {
      return `leaves grant ${id} with other than its allocations make`;
    }
    if (held - (earlier?.held ?? 0n) !== (kept.get(id) ?? 0n)) {
      return `has grant ${id} keep other than its holds do`;
    }
    const isWhole = held >= 0n && held <= remaining && remaining + expired + voided <= amount;
    if (!isWhole) return `has more of grant ${id} than was granted`;
    moved.delete(id);
    kept.delete(id);
  }
  for (const changes of [moved, kept]) {
    for (const [id, change] of changes) {
      if (change !== 0n) return `moves grant ${id} and does not say what is left`;
    }
  }
  return undefined;
}

/** A hold keeps what its allocations say; what it was for is kept, taken or given back. */
function brokenHold(event: BookEvent, { hold: earlier }: TermsBefore, posting?: Posting) {
  const hold = holdOf(event);
  if (hold === undefined) return undefined;
  const { id, amount, captured, remaining, status, allocations } = hold;
  if (sumOf(allocations) !== remaining) return `has hold ${id} keep other than its allocations`;
  const taken = posting?.transaction.entries[0]?.amount ?? 0n;
  if (captured !== (earlier?.captured ?? 0n) + taken) return `captures other than it posts`;
  const isWhole = status === 'pending' ? captured + remaining === amount : remaining === 0n;
  if (!isWhole || (earlier?.amount ?? amount) !== amount) {
    return `has other parts of hold ${id} than its amount`;
  }
  return undefined;
}

function brokenKeeping(state: BookState, event: BookEvent): string | undefined {
  const hold = holdOf(event);
  const account = hold && state.accounts.get(hold.accountId);
  if (account === undefined || !lacksPool(account)) return undefined;
  return `keeps more of account ${account.id} than its pool has`;
}

/** What is in no grant is in the pool; what holds keep and is of no grant is the pool's. */
function lacksPool({ balance, held, grants }: Account): boolean {
  // Without grants the pool is the balance.
  if (grants.length === 0) return false;
  const pool = grants.reduce((rest, grant) => rest - countedOf(grant), balance);
  const poolHeld = grants.reduce((rest, grant) => rest - grant.held, held);
  return poolHeld < 0n || pool < poolHeld;
}

/** What a grant makes of the balance. */
function countedOf(grant: Grant | undefined): bigint {
  return grant === undefined || grant.status === 'scheduled' ? 0n : grant.remaining;
}

function movedByGrant(posting: Posting | undefined): Map<GrantId, bigint> {
  const moved = new Map<GrantId, bigint>();
  for (const { side, allocations = [] } of posting?.transaction.entries ?? []) {
    addParts(moved, allocations, side === 'credit' ? 1n : -1n);
  }
  return moved;
}

function keptByGrant(before: Hold | undefined, after: Hold | undefined): Map<GrantId, bigint> {
  const kept = new Map<GrantId, bigint>();
  addParts(kept, before?.allocations ?? [], -1n);
  addParts(kept, after?.allocations ?? [], 1n);
  return kept;
}

function addParts(
  sums: Map<GrantId, bigint>,
  allocations: readonly Allocation[],
  sign: 1n | -1n,
): void {
  for (const { grantId, amount } of allocations) {
    if (grantId !== undefined) sums.set(grantId, (sums.get(grantId) ?? 0n) + sign * amount);
  }
}

function sumOf(allocations: readonly Allocation[]): bigint {
  return allocations.reduce((sum, { amount }) => sum + amount, 0n);
}
