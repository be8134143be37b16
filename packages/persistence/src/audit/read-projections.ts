// The tables that can be made again from the events: head, accounts, units and entries of a book.
import type { Book, StoredAccount, StoredEntry, StoredHead } from '@scrip/engine';
import { amountFromText, assert, present, type Sequence, type UnitBalances } from '@scrip/kernel';
import { sql } from 'kysely';
import type { Run } from '../connection/run.ts';
import { accountColumns, fromAccountRow, type AccountRow } from '../mapping/account-row.ts';
import { fromMs, selectMs } from '../mapping/instant-column.ts';
import { fromUnitRow, unitColumns, type UnitRow } from '../mapping/unit-row.ts';
import { pageSize, readPages } from './pages.ts';

interface HeadRow {
  readonly head_sequence: string;
  readonly chain_hash: Uint8Array;
  readonly last_ms: string | null;
}

/** Where the book says it stands. */
export async function readStoredHead(run: Run, book: Book): Promise<StoredHead> {
  const [row] = await run(sql<HeadRow>`
    select head_sequence, chain_hash, ${selectMs('last_instant')} as last_ms from book
    where id = ${book.id}::int4`);
  assert(row !== undefined, 'the book of a snapshot exists');
  return {
    sequence: Number(row.head_sequence) as Sequence,
    chainHash: row.chain_hash,
    lastInstant: fromMs(row.last_ms ?? '0'),
  };
}

/** The accounts of a book, by the sequence that made them. */
export async function* readAccountPages(run: Run, book: Book): AsyncIterable<StoredAccount> {
  const rows = readPages<AccountRow>(
    run,
    (last) => sql<AccountRow>`
      select ${accountColumns} from account a
      join unit u on u.book_id = a.book_id and u.label = a.unit_label
      where a.book_id = ${book.id}::int4 and a.id > ${last?.id ?? 0}::int8
      order by a.id limit ${pageSize}::int8`,
  );
  for await (const row of rows) {
    const nextDueAt = row.next_due_ms === null ? undefined : fromMs(row.next_due_ms);
    yield {
      ...fromAccountRow(row, book.ids),
      termCount: row.term_count,
      ...present('nextDueAt', nextDueAt),
    };
  }
}

/** The units of a book, with their system accounts. */
export async function readUnits(run: Run, book: Book): Promise<readonly UnitBalances[]> {
  const rows = await run(sql<UnitRow>`
    select ${unitColumns} from unit u where u.book_id = ${book.id}::int4`);
  return rows.map(fromUnitRow);
}

interface EntryRow {
  readonly account_id: string;
  readonly account_ms: string;
  readonly scale: number;
  readonly sequence: string;
  readonly line: number;
  readonly amount: string;
  readonly balance: string;
}

/** The entries of a book, by account and sequence. */
export async function* readEntryPages(run: Run, book: Book): AsyncIterable<StoredEntry> {
  const rows = readPages<EntryRow>(
    run,
    (last) => sql<EntryRow>`
      select e.account_id, ${selectMs('a.created_at')} as account_ms, u.scale, e.sequence, e.line,
        e.amount, e.balance
      from entry e
      join account a on a.book_id = e.book_id and a.id = e.account_id
      join unit u on u.book_id = a.book_id and u.label = a.unit_label
      where e.book_id = ${book.id}::int4
        and (e.account_id, e.sequence) > (
          ${last?.account_id ?? 0}::int8, ${last?.sequence ?? 0}::int8
        )
      order by e.account_id, e.sequence limit ${pageSize}::int8`,
  );
  for await (const row of rows) {
    const { scale } = row;
    yield {
      accountId: book.ids.accountId(Number(row.account_id) as Sequence, fromMs(row.account_ms)),
      sequence: Number(row.sequence) as Sequence,
      line: row.line,
      amount: amountFromText(row.amount, scale),
      balanceAfter: amountFromText(row.balance, scale),
    };
  }
}

const walkedCountMax = 5_000;

/**
 * Whether there are entries whose account does not exist: so many accounts at least. It walks from
 * account to account in the index of entries, some thousands at a time: a statement that counted
 * every entry of a large book would be ended before it had.
 */
export async function countStrayEntries(run: Run, book: Book): Promise<number> {
  type Row = { readonly last: string | null; readonly walked: number; readonly strays: number };
  let count = 0;
  let last: string | null = '0';
  for (let walked = walkedCountMax; walked === walkedCountMax && last !== null;) {
    const [row]: readonly Row[] = await run(sql<Row>`
      with recursive walk (account_id, place) as (
        (select account_id, 1 from entry
        where book_id = ${book.id}::int4 and account_id > ${last}::int8
        order by account_id limit 1)
        union all
        select e.account_id, w.place + 1 from walk w
        cross join lateral (
          select account_id from entry
          where book_id = ${book.id}::int4 and account_id > w.account_id
          order by account_id limit 1
        ) e
        where w.place < ${walkedCountMax}::int4
      )
      select max(account_id) as last, count(*)::int4 as walked,
        (count(*) filter (where not exists (
          select 1 from account a where a.book_id = ${book.id}::int4 and a.id = walk.account_id
        )))::int4 as strays
      from walk`);
    assert(row !== undefined, 'a count has a row');
    count += row.strays;
    ({ last, walked } = row);
  }
  return count;
}
