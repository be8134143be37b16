// The tables that can be made again from the events, compared with what the events make.
import {
  nextDueAt,
  type Account,
  type AccountId,
  type Sequence,
  type UnitBalances,
} from '@scrip/kernel';
import { sameHash } from '../chain-hash.ts';
import type { BookSnapshot, StoredAccount, StoredEntry } from '../port/audit-source.ts';
import type { EventCodec } from '../port/event-codec.ts';
import { compareCoupons } from './compare-coupons.ts';
import { compareTerms } from './compare-terms.ts';
import { DifferenceFound, expectSame } from './difference.ts';
import { createEntryDigests, entriesOf, sameEntry } from './entry-digests.ts';
import { sameHashes } from './hash-sum.ts';
import type { ReplayedBook } from './replay-history.ts';

/**
 * Compares head, accounts, units, terms, coupons and entries with a replay. Throws the first
 * difference.
 */
export async function compareProjections(
  snapshot: BookSnapshot,
  replayed: ReplayedBook,
  codec: EventCodec,
): Promise<void> {
  await compareHead(snapshot, replayed);
  await compareAccounts(snapshot, replayed);
  await compareUnits(snapshot, replayed);
  await compareTerms(snapshot, replayed.terms, codec);
  await compareCoupons(snapshot, replayed.coupons, codec);
  await compareEntries(snapshot, replayed, codec);
}

async function compareHead(snapshot: BookSnapshot, replayed: ReplayedBook): Promise<void> {
  const head = await snapshot.head();
  const { sequence, instant } = replayed.state;
  expectSame(head.sequence === sequence, {
    place: 'head',
    message: `The head says ${head.sequence}, the events end at ${sequence}.`,
  });
  expectSame(sameHash(head.chainHash, replayed.chainHash), {
    place: 'head',
    message: 'The hash of the head is not that of the last seal.',
    sequence,
  });
  expectSame(sequence === 0 || head.lastInstant === instant, {
    place: 'head',
    message: 'The instant of the head is not that of the last event.',
    sequence,
  });
}

async function compareAccounts(snapshot: BookSnapshot, { state }: ReplayedBook): Promise<void> {
  const unseen = new Map(state.accounts);
  for await (const account of snapshot.accounts()) {
    const expected = unseen.get(account.id);
    const field = expected === undefined ? 'id' : differingField(account, expected);
    expectSame(field === undefined, {
      place: 'account',
      message:
        expected === undefined
          ? `No event makes the account ${account.id}.`
          : `The account ${account.id} has another ${field} than its events make.`,
      accountId: account.id,
      ...(expected === undefined ? {} : { sequence: expected.sequence }),
    });
    unseen.delete(account.id);
  }
  const [missing] = unseen.values();
  expectSame(missing === undefined, {
    place: 'account',
    message: `The account ${missing?.id} is missing.`,
    ...(missing === undefined ? {} : { accountId: missing.id, sequence: missing.sequence }),
  });
}

const comparedFields = [
  'customerId',
  'name',
  'externalId',
  'status',
  'balance',
  'held',
  'createdAt',
  'updatedAt',
  'balanceUpdatedAt',
  'sequence',
] as const satisfies readonly (keyof StoredAccount)[];

function differingField(account: StoredAccount, expected: Account): string | undefined {
  const { grants, holds, schedules } = expected;
  if (account.termCount !== grants.length + holds.length + schedules.length) return 'termCount';
  if (account.nextDueAt !== nextDueAt(expected)) return 'nextDueAt';
  if (account.unit.label !== expected.unit.label) return 'unit';
  if (account.unit.scale !== expected.unit.scale) return 'unit';
  return comparedFields.find((field) => account[field] !== expected[field]);
}

async function compareUnits(snapshot: BookSnapshot, { state }: ReplayedBook): Promise<void> {
  const stored = new Map((await snapshot.units()).map((unit) => [unit.label, unit]));
  for (const expected of state.units.values()) {
    const unit = stored.get(expected.label);
    expectSame(unit !== undefined && sameUnit(unit, expected), {
      place: 'unit',
      message: `The unit ${expected.label} has other system balances than its events make.`,
    });
    stored.delete(expected.label);
    const sum = [...state.accounts.values()]
      .filter((account) => account.unit.label === expected.label)
      .reduce((total, account) => total + account.balance, systemSum(expected));
    expectSame(sum === 0n, {
      place: 'unit',
      message: `The balances of the unit ${expected.label} do not add up to zero.`,
    });
  }
  expectSame(stored.size === 0, { place: 'unit', message: 'No event makes one of the units.' });
}

function sameUnit(a: UnitBalances, b: UnitBalances): boolean {
  const same = a.issued === b.issued && a.spent === b.spent && a.expired === b.expired;
  return same && a.scale === b.scale;
}

function systemSum(unit: UnitBalances): bigint {
  return unit.issued + unit.spent + unit.expired;
}

async function compareEntries(
  snapshot: BookSnapshot,
  replayed: ReplayedBook,
  codec: EventCodec,
): Promise<void> {
  const stored = createEntryDigests();
  for await (const entry of snapshot.entries()) stored.addEntry(entry);
  for (const accountId of replayed.state.accounts.keys()) {
    if (sameHashes(stored.of(accountId), replayed.entryDigests.of(accountId))) continue;
    const sequence = await firstDifferingEntry({ snapshot, codec, accountId });
    const message = `The entries of the account ${accountId} are not those of its events.`;
    throw new DifferenceFound({ place: 'entry', message, accountId, sequence });
  }
  expectSame((await snapshot.strayEntryCount()) === 0, {
    place: 'entry',
    message: 'There are entries of an account that does not exist.',
  });
}

/** Reads the account's entries and the events once more, to name the sequence. */
async function firstDifferingEntry(search: {
  readonly snapshot: BookSnapshot;
  readonly codec: EventCodec;
  readonly accountId: AccountId;
}): Promise<Sequence> {
  const { snapshot, codec, accountId } = search;
  const stored = new Map<Sequence, StoredEntry>();
  for await (const entry of snapshot.entries()) {
    if (entry.accountId === accountId) stored.set(entry.sequence, entry);
  }
  for await (const { bytes } of snapshot.events()) {
    for (const expected of entriesOf(codec.decode(bytes))) {
      if (expected.accountId !== accountId) continue;
      if (!sameEntry(expected, stored.get(expected.sequence))) return expected.sequence;
      stored.delete(expected.sequence);
    }
  }
  // All expected entries are there, so one is left over.
  return Math.min(...stored.keys()) as Sequence;
}
