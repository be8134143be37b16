// What a watcher watches: random filters and random starts, as whom, and how it behaves.
import { EventKind } from '@scrip/contract';
import type { Random } from '../../faults/load/random.ts';
import type { OwnScope, Scope, Start, Watch } from '../record/watch.ts';
import type { World } from '../writers/world.ts';
import type { Manner } from './watcher.ts';

const kinds = [
  EventKind.ACCOUNT_CREATED,
  EventKind.ACCOUNT_UPDATED,
  EventKind.ACCOUNT_FROZEN,
  EventKind.ACCOUNT_UNFROZEN,
  EventKind.TRANSACTION_POSTED,
];

export function chooseWatch(world: World, random: Random, shareOfTokens: number): Watch {
  const own = chooseOwn(world, random);
  const isToken = random.chance(shareOfTokens);
  return {
    scope: isToken ? chooseWithin(own, random) : chooseScope(world, random),
    kinds: random.chance(0.3) ? kinds.filter(() => random.chance(0.5)) : [],
    start: chooseStart(world, random, isToken),
    caller: isToken ? { kind: 'token', scope: own } : { kind: 'key' },
  };
}

/** Some accounts, or a customer who may have none yet. */
export function chooseOwn({ accountIds, customerIds }: World, random: Random): OwnScope {
  if (random.chance(0.5)) return { kind: 'customer', customerId: random.pick(customerIds) ?? '' };
  const some = accountIds.filter(() => random.chance(0.3)).slice(0, 100);
  return { kind: 'accounts', accountIds: some.length === 0 ? accountIds.slice(0, 1) : some };
}

export function chooseManner(random: Random): Manner {
  return {
    reading: random.chance(0.3) ? 'slow' : 'prompt',
    stayMsMax: random.pick([500, 3_000, 10_000, 40_000]) ?? 3_000,
  };
}

/** A token that names nothing watches all that is its own. */
function chooseWithin(own: OwnScope, random: Random): Scope {
  if (random.chance(0.4)) return { kind: 'book' };
  if (own.kind === 'customer') return own;
  return { kind: 'accounts', accountIds: own.accountIds.slice(0, 1 + random.below(3)) };
}

function chooseScope(world: World, random: Random): Scope {
  return random.chance(0.35) ? { kind: 'book' } : chooseOwn(world, random);
}

/** Anywhere, beyond what is there too. An access token knows no sequences. */
function chooseStart({ headSequence }: World, random: Random, isToken: boolean): Start {
  const place = random.below(isToken ? 4 : 6);
  if (place === 0) return { kind: 'beginning' };
  if (place === 1) return { kind: 'now' };
  if (place === 2) return { kind: 'from_time', atMs: Date.now() - random.below(3_000) };
  if (place === 3) return { kind: 'from_time', atMs: Date.now() + random.below(4_000) };
  if (place === 4) return { kind: 'from_sequence', sequence: random.below(headSequence + 1) };
  return { kind: 'from_sequence', sequence: headSequence + random.below(2_000) };
}
