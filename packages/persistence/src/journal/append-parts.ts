// The parts of the statement that writes a batch, with slots for what they write.
import { sql, type RawBuilder } from 'kysely';
import type { Slots } from '../connection/prepared.ts';
import type { PostedRow, WrittenAccountRow } from '../mapping/account-row.ts';
import type { toCouponRows } from '../mapping/coupon-row.ts';
import type { EventRow } from '../mapping/event-row.ts';
import { clockMs, timestampOfMs } from '../mapping/instant-column.ts';
import type { TermChangeRow, TermRow } from '../mapping/term-row.ts';
import type { UnitRow } from '../mapping/unit-row.ts';
import { namesOf, timestampOfColumn, type ColumnTypes, type TableOf } from './columns.ts';

/** What the statement writes. Instants are milliseconds. */
export interface Write {
  readonly book: number;
  /** Of the head that it is written on. */
  readonly headSequence: number;
  readonly lastSequence: number;
  readonly chainHash: Uint8Array;
  readonly instant: number;
  readonly advancedMs: number;
  readonly events: readonly EventRow[];
  readonly entries: readonly EntryRow[];
  readonly units: readonly UnitRow[];
  readonly created: readonly WrittenAccountRow[];
  readonly detailed: readonly WrittenAccountRow[];
  /** Of which nothing but the balance changed. */
  readonly posted: readonly PostedRow[];
  /** Accounts that are not new. */
  readonly updatedCount: number;
  readonly terms: readonly TermRow[];
  readonly changes: readonly TermChangeRow[];
  readonly records: CouponRows['records'];
  readonly ofCustomers: CouponRows['ofCustomers'];
}

/** What is written if the book is as expected. */
export interface ExpectingWrite extends Write {
  /** Of the head. */
  readonly headHash: Uint8Array;
  /** Of a key that no event has; null of none. */
  readonly newKeyDigest: unknown;
  readonly latenessMsMax: number;
}

type CouponRows = ReturnType<typeof toCouponRows>;

/** The columns of an entry. */
export interface EntryRow {
  readonly account_id: number;
  readonly sequence: number;
  readonly line: number;
  readonly amount: string;
  readonly balance: string;
}

/** A part of the statement. */
export type Part<W extends Write = Write> = (
  write: Slots<W>,
  tableOf: TableOf,
) => RawBuilder<unknown>;

const eventColumns: ColumnTypes<EventRow> = {
  sequence: 'int8',
  kind: 'int2',
  key_digest: 'hex',
  request_digest: 'digest',
  reference_digest: 'digest',
  subject: 'int8',
  body: 'bytea',
};

export const insertEvents: Part = ({ book, events }, tableOf) => sql`
  insert into event (book_id, ${namesOf(eventColumns)})
  select ${book}::int4, ${namesOf(eventColumns)} from ${tableOf(events, 'e', eventColumns)}`;

const entryColumns: ColumnTypes<EntryRow> = {
  account_id: 'int8',
  sequence: 'int8',
  line: 'int2',
  amount: 'numeric',
  balance: 'numeric',
};

export const insertEntries: Part = ({ book, entries }, tableOf) => sql`
  insert into entry (book_id, ${namesOf(entryColumns)})
  select ${book}::int4, ${namesOf(entryColumns)} from ${tableOf(entries, 'e', entryColumns)}`;

const postedColumns: ColumnTypes<PostedRow> = {
  id: 'int8',
  balance: 'numeric',
  held: 'numeric',
  last_sequence: 'int8',
  balance_updated_ms: 'int8',
};

const setBalance = sql`
  update account a set balance = c.balance, held = c.held, last_sequence = c.last_sequence,
    balance_updated_at = ${timestampOfColumn('c.balance_updated_ms')}`;

export const updateBalances: Part = ({ book, posted }, tableOf) => sql`
  ${setBalance} from ${tableOf(posted, 'c', postedColumns)} ${foundByKey(book)} returning 1`;

/** Of one account: a row of values is no table to join with. */
export const updateBalance: Part = ({ book, posted }, tableOf) => sql`
  ${setBalance} from ${tableOf(posted, 'c', postedColumns)}
  where a.book_id = ${book}::int4 and a.id = c.id returning 1`;

const detailedColumns: ColumnTypes<WrittenAccountRow> = {
  ...postedColumns,
  status: 'text',
  updated_ms: 'int8',
  display_name: 'text',
  email: 'text',
  metadata: 'text',
  term_count: 'int4',
  next_due_ms: 'int8',
};

export const updateDetails: Part = ({ book, detailed }, tableOf) => sql`
  update account a set status = c.status, balance = c.balance, held = c.held,
    last_sequence = c.last_sequence, updated_at = ${timestampOfColumn('c.updated_ms')},
    balance_updated_at = ${timestampOfColumn('c.balance_updated_ms')},
    display_name = c.display_name, email = c.email, metadata = c.metadata,
    term_count = c.term_count, next_due_at = ${timestampOfColumn('c.next_due_ms')}
  from ${tableOf(detailed, 'c', detailedColumns)} ${foundByKey(book)} returning 1`;

/**
 * Joins the account `a` to the changes `c` by one probe of the key for each. Joined by the key
 * itself, a plan made on a young table would read the book and look through the changes instead.
 */
function foundByKey(book: object): RawBuilder<unknown> {
  return sql`
    cross join lateral (
      select ctid from account where book_id = ${book}::int4 and id = c.id limit 1
    ) f
    where a.ctid = f.ctid`;
}

const createdColumns: ColumnTypes<WrittenAccountRow> = {
  ...detailedColumns,
  customer_id: 'text',
  external_id: 'text',
  name: 'text',
  name_key: 'text',
  unit_label: 'text',
  created_ms: 'int8',
};

export const insertAccounts: Part = ({ book, created }, tableOf) => sql`
  insert into account (
    book_id, id, customer_id, external_id, name, name_key, unit_label, status, balance, held,
    last_sequence, created_at, updated_at, balance_updated_at, display_name, email, metadata,
    term_count, next_due_at
  )
  select ${book}::int4, id, customer_id, external_id, name, name_key, unit_label, status,
    balance, held, last_sequence, ${timestampOfColumn('created_ms')},
    ${timestampOfColumn('updated_ms')}, ${timestampOfColumn('balance_updated_ms')},
    display_name, email, metadata, term_count, ${timestampOfColumn('next_due_ms')}
  from ${tableOf(created, 'a', createdColumns)}`;

const unitColumns: ColumnTypes<UnitRow> = {
  label: 'text',
  scale: 'int2',
  issued: 'numeric',
  spent: 'numeric',
  expired: 'numeric',
};

export const upsertUnits: Part = ({ book, units }, tableOf) => sql`
  insert into unit (book_id, ${namesOf(unitColumns)})
  select ${book}::int4, ${namesOf(unitColumns)} from ${tableOf(units, 'u', unitColumns)}
  on conflict (book_id, label) do update
  set issued = excluded.issued, spent = excluded.spent, expired = excluded.expired`;

const termColumns: ColumnTypes<TermRow> = {
  id: 'int8',
  account_id: 'int8',
  kind: 'int2',
  is_live: 'bool',
  last_sequence: 'int8',
};

export const upsertTerms: Part = ({ book, terms }, tableOf) => sql`
  insert into account_term (book_id, ${namesOf(termColumns)})
  select ${book}::int4, ${namesOf(termColumns)} from ${tableOf(terms, 't', termColumns)}
  on conflict (book_id, id) do update
  set is_live = excluded.is_live, last_sequence = excluded.last_sequence`;

const changeColumns: ColumnTypes<TermChangeRow> = {
  term_id: 'int8',
  sequence: 'int8',
  is_live: 'bool',
};

export const insertTermChanges: Part = ({ book, changes }, tableOf) => sql`
  insert into term_change (book_id, ${namesOf(changeColumns)})
  select ${book}::int4, ${namesOf(changeColumns)} from ${tableOf(changes, 'c', changeColumns)}`;

export const insertSeal: Part = ({ book, lastSequence, instant, chainHash }) => sql`
  insert into seal (book_id, last_sequence, created_at, chain_hash)
  select ${book}::int4, ${lastSequence}::int8, ${timestampOfMs(instant)}, ${chainHash}::bytea
  from heads`;

const moveHead = (write: Slots<Write>): RawBuilder<unknown> => sql`
  update book set head_sequence = ${write.lastSequence}::int8,
    chain_hash = ${write.chainHash}::bytea, last_instant = ${timestampOfMs(write.instant)},
    clock_offset_ms = clock_offset_ms + ${write.advancedMs}::int8
  where id = ${write.book}::int4 and head_sequence = ${write.headSequence}::int8`;

export const updateHead: Part = (write) => sql`${moveHead(write)} returning 1`;

/**
 * Moves a head that was not locked before. Whoever had its lock has moved it, or has done nothing:
 * if it is there, what was read before is still true, and so is that no event has the key.
 */
export const updateExpectedHead: Part<ExpectingWrite> = (write) => sql`
  ${moveHead(write)} and chain_hash = ${write.headHash}::bytea
    and ${clockMs} + clock_offset_ms - ${write.instant}::int8
      between 0 and ${write.latenessMsMax}::int8
    and not exists (
      select from event
      where book_id = ${write.book}::int4 and key_digest = ${write.newKeyDigest}::bytea
    )
  returning ${clockMs} + clock_offset_ms as now_ms`;
