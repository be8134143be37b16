// Reads of transactions, out of the events that posted them.
import type { Book, CountedPage, ReadAnswer, TransactionsQuery } from '@scrip/engine';
import {
  postingOf,
  present,
  refuseUnknownAccount,
  refuseUnknownTransaction,
  type Transaction,
} from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { keyDigestOf, referenceDigestOf, toBigint } from '../mapping/digest.ts';
import { selectInstantOf, selectMs, timestampOf } from '../mapping/instant-column.ts';
import { isMeant, locate, matches } from './account-ref.ts';
import { judgeCursor, pageOf, pageRange, type PageRange } from './page.ts';
import { answer, firstRow, refused, type BookRow, type ReadContext } from './read-context.ts';

interface BodyRow extends BookRow {
  readonly body: Uint8Array | null;
}

/** Reads one transaction by its id. */
export async function readTransaction(
  context: ReadContext,
  book: Book,
  id: string,
): Promise<ReadAnswer<Transaction>> {
  const sequence = book.ids.transactionPlace(id)?.sequence ?? 0;
  const [row, transaction] = await findTransaction(
    context,
    book,
    sql<boolean>`sequence = ${sequence}::int8`,
  );
  if (transaction?.id === id) return answer(row, transaction);
  return refused(row, refuseUnknownTransaction(id));
}

/** Reads the transaction that a caller's key made. */
export async function readTransactionByKey(
  context: ReadContext,
  book: Book,
  key: string,
): Promise<ReadAnswer<Transaction>> {
  const digest = Buffer.from(keyDigestOf(key), 'hex');
  const condition = sql<boolean>`key_digest = ${digest}::bytea`;
  const [row, transaction, eventKey] = await findTransaction(context, book, condition);
  if (transaction !== undefined && eventKey === key) return answer(row, transaction);
  return refused(row, refuseUnknownTransaction(key));
}

async function findTransaction(
  { run, codec }: ReadContext,
  book: Book,
  condition: RawBuilder<boolean>,
): Promise<readonly [BookRow, Transaction?, string?]> {
  const row = firstRow(
    await run(sql<BodyRow>`
      select b.head_sequence, v.body
      from book b
      left join lateral (
        select body from event where book_id = b.id and ${condition} limit 1
      ) v on true
      where b.id = ${book.id}::int4`),
  );
  if (row.body === null) return [row];
  const event = codec.decode(row.body);
  const transaction = postingOf(event)?.transaction;
  return transaction === undefined ? [row] : [row, transaction, event.idempotencyKey ?? ''];
}

/**
 * Whether an event has a transaction. Said with `is not null`, it would let a plan take the index
 * of references, which is in another order.
 */
const movedCredits = sql<boolean>`num_nonnulls(reference_digest) > 0`;

interface TransactionsRow extends BodyRow {
  readonly account_ms: string | null;
  readonly cursor_ms: string | null;
  readonly total_size: string | null;
}

/** Reads a page of transactions. */
export async function readTransactionPage(
  { run, codec }: ReadContext,
  book: Book,
  query: TransactionsQuery,
): Promise<ReadAnswer<CountedPage<Transaction>>> {
  const { page } = query;
  const located = query.account && locate(book, query.account);
  const place = page.cursor && book.ids.transactionPlace(page.cursor.id);
  const range = pageRange('sequence', page, place);
  const rows = await run(sql<TransactionsRow>`
    select b.head_sequence, ${selectMs('a.created_at')} as account_ms,
      ${selectMs('c.created_at')} as cursor_ms, s.total_size, t.body
    from book b
    left join lateral (
      select id, created_at from account
      where book_id = b.id and ${located === undefined ? sql`false` : matches(located)} limit 1
    ) a on true
    left join lateral (
      select sequence from event
      where book_id = b.id and sequence = ${place?.sequence ?? 0}::int8 and ${movedCredits} limit 1
    ) l on true
    left join lateral (${selectInstantOf('l.sequence')}) c on true
    cross join lateral (select ${boundsOf(query)}) r
    cross join lateral (select ${selectTotal(query)} as total_size offset 0) s
    left join lateral (${selectPage(query, range)}) t on true
    where b.id = ${book.id}::int4
    order by ${pageRange('t.sequence', page, place).order}`);
  const first = firstRow(rows);
  if (located !== undefined && !isMeant(located, first.account_ms)) {
    return refused(first, refuseUnknownAccount(located.ref));
  }
  const refusal = judgeCursor(page, place, first.cursor_ms);
  if (refusal !== undefined) return refused(first, refusal);
  const transactions = rows.flatMap(({ body }) => {
    const transaction = body === null ? undefined : postingOf(codec.decode(body))?.transaction;
    return transaction ?? [];
  });
  const { items } = pageOf(page, transactions.filter(hasReference(query.reference)));
  const totalSize = first.total_size === null ? undefined : Number(first.total_size);
  return answer(first, {
    items,
    // Of all that the digest found: another text among it must not end the list.
    hasMore: transactions.length > page.size,
    ...present('totalSize', totalSize),
  });
}

/** Instants as sequences: all events of a batch have its instant, and a seal at its end. */
function boundsOf({ createdFrom, createdBefore }: TransactionsQuery): RawBuilder<unknown> {
  const lastBefore = (instant: number): RawBuilder<unknown> => sql`coalesce((
    select last_sequence from seal
    where book_id = b.id and created_at < ${timestampOf(instant)}
    order by created_at desc, last_sequence desc limit 1
  ), 0)`;
  const after = createdFrom === undefined ? sql`0` : lastBefore(createdFrom);
  const upTo = createdBefore === undefined ? sql`b.head_sequence` : lastBefore(createdBefore);
  return sql`${after} as after, ${upTo} as up_to`;
}

/**
 * How many match, wherever the page stands, if that was asked for. They are counted once: with
 * `offset 0` that is no part of each row.
 */
function selectTotal(query: TransactionsQuery): RawBuilder<unknown> {
  if (query.countTotal !== true) return sql`null::int8`;
  const inBounds = sql`sequence > r.after and sequence <= r.up_to`;
  if (isOfAccountAlone(query)) {
    return sql`(
      select count(*) from entry where book_id = b.id and account_id = a.id and ${inBounds})`;
  }
  return sql`(
    select count(*) from event where book_id = b.id and ${filterOf(query)} and ${inBounds})`;
}

/**
 * The page itself. Rows are taken from the narrowest index that the filters allow: that of the
 * reference, else the account's history, else the events.
 */
function selectPage(query: TransactionsQuery, range: PageRange): RawBuilder<unknown> {
  const inRange = sql`sequence > r.after and sequence <= r.up_to and ${range.condition}`;
  const part = sql`limit ${range.limit}::int8 offset ${query.skip ?? 0}::int8`;
  const ordered = sql`order by ${range.order} ${part}`;
  if (isOfAccountAlone(query)) {
    return sql`
      select n.sequence, v.body
      from (
        select sequence from entry
        where book_id = b.id and account_id = a.id and ${inRange} ${ordered}
      ) n
      cross join lateral (
        select body from event where book_id = b.id and sequence = n.sequence limit 1
      ) v`;
  }
  return sql`
    select sequence, body from event
    where book_id = b.id and ${filterOf(query)} and ${inRange} ${ordered}`;
}

/** Whether the account's own history has all that is asked for. */
function isOfAccountAlone({ reference, account }: TransactionsQuery): boolean {
  return reference === undefined && account !== undefined;
}

function filterOf({ reference, account }: TransactionsQuery): RawBuilder<unknown> {
  const filters = [
    reference === undefined
      ? movedCredits
      : sql`reference_digest = ${toBigint(referenceDigestOf(reference))}::int8`,
    account === undefined
      ? sql`true`
      : sql`exists (
          select 1 from entry n
          where n.book_id = b.id and n.account_id = a.id and n.sequence = event.sequence
        )`,
  ];
  return sql.join(filters, sql` and `);
}

function hasReference(reference: string | undefined): (transaction: Transaction) => boolean {
  return (transaction) => reference === undefined || transaction.reference === reference;
}
