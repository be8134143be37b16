// The write of a batch: one statement for events, entries, accounts, units, seal and head.
import { JournalError, type Batch, type Book, type LockedHead } from '@scrip/engine';
import {
  assert,
  formatAmount,
  postingOf,
  signedAmount,
  termsOf,
  type Account,
  type AccountId,
  type BookEvent,
} from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { toAccountRow } from '../mapping/account-row.ts';
import { toCouponRows } from '../mapping/coupon-row.ts';
import { toEventRow } from '../mapping/event-row.ts';
import { toTermRows } from '../mapping/term-row.ts';
import { timestampOf } from '../mapping/instant-column.ts';
import { column, timestampOfColumn } from './columns.ts';
import { couponParts } from './coupon-parts.ts';
import type { WorkContext } from './work-context.ts';

/**
 * Writes a batch on top of the locked head. Accounts are sorted into those that are new, those
 * whose details changed, and those of which only the balance did, the common case.
 */
export async function appendBatch(
  { run, book }: WorkContext,
  batch: Batch,
  locked: LockedHead,
): Promise<void> {
  const { created, detailed, posted } = sortAccounts(batch);
  const rows = toTermRows(book, batch);
  const coupons = toCouponRows(book, batch);
  const [written] = await run(sql<{ readonly heads: number; readonly updated: number }>`
    with
    events as (${insertEvents(book, batch)}),
    entries as (${insertEntries(book, batch)}),
    created as (${insertAccounts(book, created)}),
    detailed as (${updateDetails(book, detailed)}),
    posted as (${updateBalances(book, posted)}),
    units as (${upsertUnits(book, batch)}),
    ${rows.terms.length === 0 ? sql`` : termParts(book, rows)}
    ${coupons.records.length === 0 ? sql`` : couponParts(book, coupons)}
    seals as (
      insert into seal (book_id, last_sequence, created_at, chain_hash)
      values (
        ${book.id}::int4, ${batch.lastSequence}::int8, ${timestampOf(batch.instant)},
        ${batch.chainHash}::bytea
      )
    ),
    heads as (
      update book set head_sequence = ${batch.lastSequence}::int8,
        chain_hash = ${batch.chainHash}::bytea, last_instant = ${timestampOf(batch.instant)},
        clock_offset_ms = clock_offset_ms + ${advancedMs(batch, locked)}::int8
      where id = ${book.id}::int4 and head_sequence = ${locked.sequence}::int8
      returning 1
    )
    select (select count(*) from heads)::int4 as heads,
      ((select count(*) from detailed) + (select count(*) from posted))::int4 as updated`);
  const expected = detailed.length + posted.length;
  if (written?.heads === 1 && written.updated === expected) return;
  const cause = new Error(`${written?.heads} heads and ${written?.updated} accounts were written.`);
  throw new JournalError('not_committed', 'collision', { cause });
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

function sortAccounts({ accounts, events }: Batch): SortedAccounts {
  const createdIds = new Set<AccountId>();
  const detailedIds = new Set<AccountId>();
  for (const { event } of events) {
    const { change } = event;
    if (change.kind === 'account_created') createdIds.add(change.account.id);
    else if ('account' in change) detailedIds.add(change.account.id);
    else for (const { term } of termsOf(event)) detailedIds.add(term.accountId);
  }
  const created = accounts.filter(({ id }) => createdIds.has(id));
  const known = accounts.filter(({ id }) => !createdIds.has(id));
  return {
    created,
    detailed: known.filter(({ id }) => detailedIds.has(id)),
    posted: known.filter(({ id }) => !detailedIds.has(id)),
  };
}

function insertEvents(book: Book, batch: Batch): RawBuilder<unknown> {
  const rows = batch.events.map((event) => toEventRow(event, book.ids));
  return sql`
    insert into event (
      book_id, sequence, kind, key_digest, request_digest, reference_digest, subject, body
    )
    select ${book.id}::int4, sequence, kind, key_digest, request_digest, reference_digest, subject,
      body
    from unnest(
      ${column(rows, 'sequence')}::int8[], ${column(rows, 'kind')}::int2[],
      ${column(rows, 'key_digest')}::bytea[], ${column(rows, 'request_digest')}::int8[],
      ${column(rows, 'reference_digest')}::int8[], ${column(rows, 'subject')}::int8[],
      ${column(rows, 'body')}::bytea[]
    ) as e (sequence, kind, key_digest, request_digest, reference_digest, subject, body)`;
}

function insertEntries(book: Book, batch: Batch): RawBuilder<unknown> {
  const rows = batch.events.flatMap(({ event }) => entryRowsOf(book, event));
  return sql`
    insert into entry (book_id, account_id, sequence, line, amount, balance)
    select ${book.id}::int4, account_id, sequence, line, amount, balance
    from unnest(
      ${column(rows, 'account_id')}::int8[], ${column(rows, 'sequence')}::int8[],
      ${column(rows, 'line')}::int2[], ${column(rows, 'amount')}::numeric[],
      ${column(rows, 'balance')}::numeric[]
    ) as e (account_id, sequence, line, amount, balance)`;
}

function entryRowsOf(book: Book, event: BookEvent) {
  const transaction = postingOf(event)?.transaction;
  if (transaction === undefined) return [];
  const { scale } = transaction.unit;
  return transaction.entries.map((entry, line) => ({
    account_id: placeOf(book, entry.accountId).sequence,
    sequence: event.sequence,
    line,
    amount: formatAmount(signedAmount(entry), scale),
    balance: formatAmount(entry.balanceAfter, scale),
  }));
}

function insertAccounts(book: Book, accounts: readonly Account[]): RawBuilder<unknown> {
  const rows = accounts.map((account) => toAccountRow(account, placeOf(book, account.id)));
  return sql`
    insert into account (
      book_id, id, customer_id, external_id, name, name_key, unit_label, status, balance, held,
      last_sequence, created_at, updated_at, balance_updated_at, display_name, email, metadata,
      term_count, next_due_at
    )
    select ${book.id}::int4, id, customer_id, external_id, name, name_key, unit_label, status,
      balance, held, last_sequence, ${timestampOfColumn('created_ms')},
      ${timestampOfColumn('updated_ms')}, ${timestampOfColumn('balance_updated_ms')},
      display_name, email, metadata, term_count, ${timestampOfColumn('next_due_ms')}
    from unnest(
      ${column(rows, 'id')}::int8[], ${column(rows, 'customer_id')}::text[],
      ${column(rows, 'external_id')}::text[], ${column(rows, 'name')}::text[],
      ${column(rows, 'name_key')}::text[], ${column(rows, 'unit_label')}::text[],
      ${column(rows, 'status')}::text[], ${column(rows, 'balance')}::numeric[],
      ${column(rows, 'held')}::numeric[], ${column(rows, 'last_sequence')}::int8[],
      ${column(rows, 'created_ms')}::int8[], ${column(rows, 'updated_ms')}::int8[],
      ${column(rows, 'balance_updated_ms')}::int8[], ${column(rows, 'display_name')}::text[],
      ${column(rows, 'email')}::text[], ${column(rows, 'metadata')}::text[],
      ${column(rows, 'term_count')}::int4[], ${column(rows, 'next_due_ms')}::int8[]
    ) as a (
      id, customer_id, external_id, name, name_key, unit_label, status, balance, held,
      last_sequence, created_ms, updated_ms, balance_updated_ms, display_name, email, metadata,
      term_count, next_due_ms
    )`;
}

function updateDetails(book: Book, accounts: readonly Account[]): RawBuilder<unknown> {
  const rows = accounts.map((account) => toAccountRow(account, placeOf(book, account.id)));
  return sql`
    update account a set status = c.status, balance = c.balance, held = c.held,
      last_sequence = c.last_sequence, updated_at = ${timestampOfColumn('c.updated_ms')},
      balance_updated_at = ${timestampOfColumn('c.balance_updated_ms')},
      display_name = c.display_name, email = c.email, metadata = c.metadata,
      term_count = c.term_count, next_due_at = ${timestampOfColumn('c.next_due_ms')}
    from unnest(
      ${column(rows, 'id')}::int8[], ${column(rows, 'status')}::text[],
      ${column(rows, 'balance')}::numeric[], ${column(rows, 'held')}::numeric[],
      ${column(rows, 'last_sequence')}::int8[], ${column(rows, 'updated_ms')}::int8[],
      ${column(rows, 'balance_updated_ms')}::int8[], ${column(rows, 'display_name')}::text[],
      ${column(rows, 'email')}::text[], ${column(rows, 'metadata')}::text[],
      ${column(rows, 'term_count')}::int4[], ${column(rows, 'next_due_ms')}::int8[]
    ) as c (
      id, status, balance, held, last_sequence, updated_ms, balance_updated_ms, display_name,
      email, metadata, term_count, next_due_ms
    )
    ${foundByKey(book)} returning 1`;
}

function updateBalances(book: Book, accounts: readonly Account[]): RawBuilder<unknown> {
  const rows = accounts.map((account) => toAccountRow(account, placeOf(book, account.id)));
  return sql`
    update account a set balance = c.balance, held = c.held, last_sequence = c.last_sequence,
      balance_updated_at = ${timestampOfColumn('c.balance_updated_ms')}
    from unnest(
      ${column(rows, 'id')}::int8[], ${column(rows, 'balance')}::numeric[],
      ${column(rows, 'held')}::numeric[], ${column(rows, 'last_sequence')}::int8[],
      ${column(rows, 'balance_updated_ms')}::int8[]
    ) as c (id, balance, held, last_sequence, balance_updated_ms)
    ${foundByKey(book)} returning 1`;
}

/**
 * Joins the account `a` to the changes `c` by one probe of the key for each. Joined by the key
 * itself, a plan made on a young table would read the book and look through the changes instead.
 */
function foundByKey(book: Book): RawBuilder<unknown> {
  return sql`
    cross join lateral (
      select ctid from account where book_id = ${book.id}::int4 and id = c.id limit 1
    ) f
    where a.ctid = f.ctid`;
}

function upsertUnits(book: Book, { units }: Batch): RawBuilder<unknown> {
  const rows = units.map(({ label, scale, issued, spent, expired }) => ({
    label,
    scale,
    issued: formatAmount(issued, scale),
    spent: formatAmount(spent, scale),
    expired: formatAmount(expired, scale),
  }));
  return sql`
    insert into unit (book_id, label, scale, issued, spent, expired)
    select ${book.id}::int4, label, scale, issued, spent, expired
    from unnest(
      ${column(rows, 'label')}::text[], ${column(rows, 'scale')}::int2[],
      ${column(rows, 'issued')}::numeric[], ${column(rows, 'spent')}::numeric[],
      ${column(rows, 'expired')}::numeric[]
    ) as u (label, scale, issued, spent, expired)
    on conflict (book_id, label) do update
    set issued = excluded.issued, spent = excluded.spent, expired = excluded.expired`;
}

/** Only batches that touch grants, holds or schedules have these parts. */
function termParts(book: Book, { terms, changes }: ReturnType<typeof toTermRows>) {
  return sql`
    terms as (
      insert into account_term (book_id, id, account_id, kind, is_live, last_sequence)
      select ${book.id}::int4, id, account_id, kind, is_live, last_sequence
      from unnest(
        ${column(terms, 'id')}::int8[], ${column(terms, 'account_id')}::int8[],
        ${column(terms, 'kind')}::int2[], ${column(terms, 'is_live')}::bool[],
        ${column(terms, 'last_sequence')}::int8[]
      ) as t (id, account_id, kind, is_live, last_sequence)
      on conflict (book_id, id) do update
      set is_live = excluded.is_live, last_sequence = excluded.last_sequence
    ),
    changes as (
      insert into term_change (book_id, term_id, sequence, is_live)
      select ${book.id}::int4, term_id, sequence, is_live
      from unnest(
        ${column(changes, 'term_id')}::int8[], ${column(changes, 'sequence')}::int8[],
        ${column(changes, 'is_live')}::bool[]
      ) as c (term_id, sequence, is_live)
    ),`;
}

function placeOf(book: Book, id: AccountId) {
  const place = book.ids.accountPlace(id);
  assert(place !== undefined, 'an account that is written is one of the book');
  return place;
}
