// Reads of accounts and of present balances.
import type {
  AccountsQuery,
  BalanceView,
  Book,
  CountedPage,
  HeadView,
  ReadAnswer,
  SettledAnswer,
} from '@scrip/engine';
import { nameKey, present, type Account, type AccountRef, type Sequence } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { prepare } from '../connection/prepared.ts';
import {
  accountColumns,
  fromAccountRow,
  noTerms,
  type AccountRow,
} from '../mapping/account-row.ts';
import { fromMs, selectMs } from '../mapping/instant-column.ts';
import { sortTerms } from '../mapping/term-row.ts';
import { isMeant, joinNamed, locate } from './account-ref.ts';
import {
  fromTermColumns,
  readWithDueTerms,
  withDueTerms,
  type DueColumns,
  type TermParts,
} from './live-terms.ts';
import { judgeCursor, pageOf, pageRange } from './page.ts';
import {
  answer,
  firstRow,
  headOf,
  joinClock,
  refused,
  type BookRow,
  type ReadContext,
} from './read-context.ts';
import type { AsOf } from './select-by-key.ts';
import { settleAccount } from './settle-account.ts';

type Settled = Pick<SettledAnswer<unknown>, 'settledTo'>;

type Outer<T> = { readonly [K in keyof T]: T[K] | null };

interface HeadRow extends BookRow {
  readonly chain_hash: Uint8Array;
  readonly last_ms: string | null;
}

const headStatement = prepare<{ readonly bookId: number }, HeadRow>(
  ({ bookId }) => sql<HeadRow>`
    select head_sequence, chain_hash, ${selectMs('last_instant')} as last_ms
    from book where id = ${bookId}::int4`,
);

/** Reads where a book stands. */
export async function readHead(
  { runPrepared }: ReadContext,
  book: Book,
): Promise<ReadAnswer<HeadView>> {
  const row = firstRow(await runPrepared(headStatement, { bookId: book.id }));
  const lastEventAt = row.last_ms === null ? undefined : fromMs(row.last_ms);
  return answer(row, { chainHash: row.chain_hash, ...present('lastEventAt', lastEventAt) });
}

/** What an account has, as the view of a balance. */
export function viewOf(account: Account, sequence: Sequence): BalanceView {
  const { id, unit, balance, held, balanceUpdatedAt } = account;
  return { accountId: id, unit, balance, held, updatedAt: balanceUpdatedAt, sequence };
}

/**
 * The accounts that are named, in that order, with gaps where one is unknown; each with what is
 * due on it.
 */
export async function findAccountsWithDue(
  context: ReadContext,
  book: Book,
  refs: readonly AccountRef[],
): Promise<AsOf<readonly (Account | undefined)[]> & Settled> {
  const located = refs.map((ref) => locate(book, ref));
  const ids = located.map(({ place }) => place?.sequence ?? null);
  const externalIds = refs.map((ref) => (ref.kind === 'external_id' ? ref.externalId : null));
  type Row = BookRow & DueColumns & Outer<AccountRow> & { readonly position: string | null };
  const rows = await context.run(sql<Row>`
    select b.head_sequence, r.position, ${accountColumns}, ${withDueTerms.columns}
    from book b
    ${joinClock}
    ${joinNamed(ids, externalIds)}
    ${withDueTerms.join}
    where b.id = ${book.id}::int4
    order by r.position`);
  const named = rows.filter(({ position }) => position !== null);
  const value = named.map((row, index) => {
    const meant = located[index];
    if (meant === undefined || !isMeant(meant, row.created_ms)) return undefined;
    return presentAccount(context, book, row as PresentRow);
  });
  return { value, sequence: headOf(firstRow(rows)), ...settledTo(rows) };
}

interface AccountsRow extends BookRow, DueColumns, Outer<AccountRow> {
  readonly cursor_ms: string | null;
  readonly total_size: string | null;
}

/** Reads a page of accounts. They are counted once: with `offset 0` that is no part of each row. */
export async function readAccountPage(
  context: ReadContext,
  book: Book,
  query: AccountsQuery,
): Promise<SettledAnswer<CountedPage<Account>>> {
  const { page, skip, countTotal } = query;
  const place = page.cursor && book.ids.accountPlace(page.cursor.id);
  const range = pageRange('id', page, place);
  const filter = filterOf(query);
  const total = countTotal
    ? sql`(select count(*) from account where book_id = b.id and ${filter})`
    : sql`null::int8`;
  const statement = (terms: TermParts) => sql<AccountsRow>`
    select b.head_sequence, ${selectMs('c.created_at')} as cursor_ms, s.total_size,
      ${accountColumns}, ${terms.columns}
    from book b
    ${joinClock}
    cross join lateral (select ${total} as total_size offset 0) s
    left join account c on c.book_id = b.id and c.id = ${place?.sequence ?? 0}::int8
    left join lateral (
      select * from account where book_id = b.id and ${filter} and ${range.condition}
      order by ${range.order} limit ${range.limit}::int8 offset ${skip}::int8
    ) a on true
    left join unit u on u.book_id = b.id and u.label = a.unit_label
    ${terms.join}
    where b.id = ${book.id}::int4
    order by ${pageRange('a.id', page, place).order}`;
  const rows = await readWithDueTerms(context.run, statement);
  const first = firstRow(rows);
  const refusal = judgeCursor(page, place, first.cursor_ms);
  if (refusal !== undefined) return refused(first, refusal);
  const accounts = rows.filter(isFound).map((row) => presentAccount(context, book, row));
  const totalSize = first.total_size === null ? undefined : Number(first.total_size);
  const found = { ...pageOf(page, accounts), ...present('totalSize', totalSize) };
  return { ...answer(first, found), ...settledTo(rows) };
}

/** Up to when what is due was counted, if anything was. */
function settledTo(rows: readonly DueColumns[]): Settled {
  const due = rows.find((row) => row.is_due === true);
  return due === undefined ? {} : { settledTo: fromMs(due.now_ms) };
}

type PresentRow = BookRow & AccountRow & DueColumns;

/** The account by the clock of its book. What is live of it is not part of the answer. */
function presentAccount({ codec }: ReadContext, book: Book, row: PresentRow): Account {
  if (row.ids === null) return fromAccountRow(row, book.ids);
  const terms = sortTerms(fromTermColumns(row, codec));
  const booked = fromAccountRow(row, book.ids, terms);
  const at = { sequence: headOf(row), instant: fromMs(row.now_ms) };
  return { ...settleAccount(book, booked, at).account, ...noTerms };
}

function filterOf({ customerId, name, status }: AccountsQuery): RawBuilder<boolean> {
  const conditions = [
    ...(customerId === undefined ? [] : [sql<boolean>`customer_id = ${customerId}::text`]),
    ...(name === undefined ? [] : [sql<boolean>`name_key = ${nameKey(name)}::text`]),
    // The condition of `account_name_idx`.
    ...(name === undefined || customerId !== undefined ? [] : [sql<boolean>`length(name_key) > 0`]),
    ...(status === undefined ? [] : [sql<boolean>`status = ${status}::text`]),
    sql<boolean>`true`,
  ];
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

function isFound(row: AccountsRow): row is AccountsRow & AccountRow {
  return row.id !== null;
}
