// What a journal in memory keeps of one book.
import {
  assert,
  couponRecordsOf,
  couponRowKeyOf,
  couponRowName,
  couponRowsOf,
  grantsOf,
  holdOf,
  instantFromMs,
  type Account,
  type AccountId,
  type BookEvent,
  type CouponRow,
  type Grant,
  type Hold,
  type Instant,
  type RecordedEvent,
  type Schedule,
  type Sequence,
  type UnitBalances,
} from '@scrip/kernel';
import {
  genesisHash,
  JournalError,
  type Batch,
  type Book,
  type Expected,
  type FoundCoupon,
} from '@scrip/engine';

/** A record with its row. */
interface StoredCoupon extends FoundCoupon {
  readonly row: CouponRow;
}

/** The committed state of one book. */
export interface StoredBook {
  sequence: Sequence;
  chainHash: Uint8Array;
  lastInstant: Instant;
  readonly events: (RecordedEvent & { readonly bytes: Uint8Array })[];
  readonly accounts: Map<AccountId, Account>;
  readonly units: Map<string, UnitBalances>;
  readonly grants: Map<string, Grant>;
  readonly holds: Map<string, Hold>;
  readonly schedules: Map<string, Schedule>;
  /** By `couponRowName`. */
  readonly coupons: Map<string, StoredCoupon>;
  /** Names of rows by their period keys, which are unique. */
  readonly creditsByPeriod: Map<string, string>;
  clockOffsetMs: number;
  readonly seals: Map<Sequence, Uint8Array>;
}

/** Whether a book is as it was expected. */
export function isAsExpected(stored: StoredBook, { head, newKey }: Expected): boolean {
  if (stored.sequence !== head.sequence) return false;
  if (Buffer.compare(stored.chainHash, head.chainHash) !== 0) return false;
  return (
    newKey === undefined || stored.events.every((each) => each.event.idempotencyKey !== newKey)
  );
}

/** Makes a batch part of a book. */
export function commit(book: Book, stored: StoredBook, batch: Batch): void {
  for (const { event, bytes, requestDigest = '' } of batch.events) {
    if (event.sequence !== stored.sequence + 1) throw failure('not_committed', 'content');
    stored.events.push({ event, bytes, requestDigest });
    stored.sequence = event.sequence;
    noteTerms(stored, event);
    noteCoupons(book, stored, event);
  }
  for (const account of batch.accounts) stored.accounts.set(account.id, account);
  for (const unit of batch.units) stored.units.set(unit.label, unit);
  if (batch.clockNow !== undefined) stored.clockOffsetMs += batch.clockNow - batch.instant;
  stored.seals.set(batch.lastSequence, batch.chainHash);
  stored.chainHash = batch.chainHash;
  stored.lastInstant = batch.instant;
}

function noteTerms(stored: StoredBook, event: BookEvent): void {
  const { change } = event;
  for (const grant of grantsOf(event)) stored.grants.set(grant.id, grant);
  const hold = holdOf(event);
  if (hold !== undefined) stored.holds.set(hold.id, hold);
  if ('schedule' in change) stored.schedules.set(change.schedule.id, change.schedule);
}

function noteCoupons({ ids }: Book, stored: StoredBook, event: BookEvent): void {
  const rows = new Map(couponRowsOf(ids, [event]).map((row) => [couponRowName(row), row]));
  for (const found of couponRecordsOf(event)) {
    const name = couponRowName(couponRowKeyOf(ids, found));
    const row = rows.get(name);
    assert(row !== undefined, 'every record has a row');
    const { periodKey } = row;
    const taken = periodKey === undefined ? undefined : stored.creditsByPeriod.get(periodKey);
    if (taken !== undefined && taken !== name) throw failure('not_committed', 'content');
    if (periodKey !== undefined) stored.creditsByPeriod.set(periodKey, name);
    stored.coupons.set(name, { found, event, row });
  }
}

/** A book as another's copy. */
export function copyOf(stored: StoredBook): StoredBook {
  return {
    ...stored,
    events: [...stored.events],
    accounts: new Map(stored.accounts),
    units: new Map(stored.units),
    grants: new Map(stored.grants),
    holds: new Map(stored.holds),
    schedules: new Map(stored.schedules),
    coupons: new Map(stored.coupons),
    creditsByPeriod: new Map(stored.creditsByPeriod),
    seals: new Map(stored.seals),
  };
}

/** A book without events. */
export function emptyBook(): StoredBook {
  return {
    sequence: 0 as Sequence,
    chainHash: genesisHash,
    lastInstant: instantFromMs(0),
    events: [],
    accounts: new Map(),
    units: new Map(),
    grants: new Map(),
    holds: new Map(),
    schedules: new Map(),
    coupons: new Map(),
    creditsByPeriod: new Map(),
    clockOffsetMs: 0,
    seals: new Map(),
  };
}

/** A failure as the journal's callers see it. */
export function failure(
  outcome: JournalError['outcome'],
  fault: JournalError['fault'],
): JournalError {
  return new JournalError(outcome, fault, { cause: new Error('An injected fault.') });
}
