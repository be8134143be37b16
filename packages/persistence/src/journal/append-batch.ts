// The write of a batch: one statement for events, entries, accounts, units, seal and head.
import type { Batch, Book, Expected, LockedHead } from '@scrip/engine';
import {
  assert,
  formatAmount,
  postingOf,
  signedAmount,
  termsOf,
  type Account,
  type AccountId,
  type Instant,
} from '@scrip/kernel';
import { keyDigestOf } from '../mapping/digest.ts';
import { toAccountRow, toPostedRow } from '../mapping/account-row.ts';
import { toCouponRows } from '../mapping/coupon-row.ts';
import { toEventRow } from '../mapping/event-row.ts';
import { clampMs, fromMs } from '../mapping/instant-column.ts';
import { toTermRows } from '../mapping/term-row.ts';
import { toUnitRow } from '../mapping/unit-row.ts';
import type { EntryRow, Write } from './append-parts.ts';
import { parameterOf } from './column-types.ts';
import { expectingStatementFor, statementFor } from './append-statement.ts';
import type { WorkContext } from './work-context.ts';

/**
 * Writes a batch on top of the locked head. Fails if it does not change what it is to change, and
 * throws at once what cannot be sent: COMMIT would not know of it.
 */
export function appendBatch(
  { runPrepared, book }: WorkContext,
  batch: Batch,
  locked: LockedHead,
): Promise<unknown> {
  const write = writeOf(book, batch, locked);
  return runPrepared(statementFor(write), write);
}

/** Writes a batch if the book is found as it is expected; answers the clock then. */
export async function appendExpecting(
  { runPrepared, book }: WorkContext,
  { head, newKey, latenessMsMax }: Expected,
  batch: Batch,
): Promise<Instant | undefined> {
  const newKeyDigest = newKey === undefined ? null : parameterOf(keyDigestOf(newKey), 'hex');
  const expected = { headHash: head.chainHash, newKeyDigest, latenessMsMax };
  const write = { ...writeOf(book, batch, head), ...expected };
  const [row] = await runPrepared(expectingStatementFor(write), write);
  return row === undefined ? undefined : fromMs(row.now_ms);
}

function writeOf(book: Book, batch: Batch, locked: LockedHead): Write {
  const { created, detailed, posted } = sortAccounts(batch);
  const toRow = (account: Account) => toAccountRow(account, placeOf(book, account.id));
  const toPosted = (account: Account) => toPostedRow(account, placeOf(book, account.id));
  return {
    book: book.id,
    headSequence: locked.sequence,
    lastSequence: batch.lastSequence,
    chainHash: batch.chainHash,
    instant: clampMs(batch.instant),
    advancedMs: advancedMs(batch, locked),
    events: batch.events.map((event) => toEventRow(event, book.ids)),
    entries: entryRowsOf(book, batch),
    units: batch.units.map(toUnitRow),
    created: created.map(toRow),
    detailed: detailed.map(toRow),
    posted: posted.map(toPosted),
    updatedCount: detailed.length + posted.length,
    ...toTermRows(book, batch),
    ...toCouponRows(book, batch),
  };
}

/** How far the clock of a test book goes ahead: from the next lock on it shows what it was told. */
function advancedMs({ clockNow }: Batch, { now }: LockedHead): number {
  return clockNow === undefined ? 0 : Math.max(0, clockNow - now);
}

interface SortedAccounts {
  readonly created: readonly Account[];
  readonly detailed: readonly Account[];
  readonly posted: readonly Account[];
}

/**
 * Sorts accounts into those that are new, those whose details changed, and those of which only the
 * balance did, the common case.
 */
function sortAccounts({ accounts, events }: Batch): SortedAccounts {
  const createdIds = new Set<AccountId>();
  const detailedIds = new Set<AccountId>();
  for (const { event } of events) {
    const { change } = event;
    if (change.kind === 'account_created') createdIds.add(change.account.id);
    else if ('account' in change) detailedIds.add(change.account.id);
    else for (const { term } of termsOf(event)) detailedIds.add(term.accountId);
  }
  if (createdIds.size + detailedIds.size === 0) {
    return { created: [], detailed: [], posted: accounts };
  }
  const created = accounts.filter(({ id }) => createdIds.has(id));
  const known = accounts.filter(({ id }) => !createdIds.has(id));
  return {
    created,
    detailed: known.filter(({ id }) => detailedIds.has(id)),
    posted: known.filter(({ id }) => !detailedIds.has(id)),
  };
}

function entryRowsOf(book: Book, { events }: Batch): readonly EntryRow[] {
  const rows: EntryRow[] = [];
  for (const { event } of events) {
    const transaction = postingOf(event)?.transaction;
    if (transaction === undefined) continue;
    const { scale } = transaction.unit;
    for (const [line, entry] of transaction.entries.entries()) {
      rows.push({
        account_id: placeOf(book, entry.accountId).sequence,
        sequence: event.sequence,
        line,
        amount: formatAmount(signedAmount(entry), scale),
        balance: formatAmount(entry.balanceAfter, scale),
      });
    }
  }
  return rows;
}

function placeOf(book: Book, id: AccountId) {
  const place = book.ids.accountPlace(id);
  assert(place !== undefined, 'an account that is written is one of the book');
  return place;
}
