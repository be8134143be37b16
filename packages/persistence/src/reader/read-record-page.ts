// Reads a page of coupons, codes, credits, redemptions, memberships or rules: one statement.
import type { Book, CountedPage, ListRequest, ReadAnswer } from '@scrip/engine';
import {
  present,
  recordKinds,
  refuse,
  type Instant,
  type RecordKind,
  type Refusal,
} from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { fromToldCoupons, type ToldCouponRow } from '../mapping/coupon-row.ts';
import { fromMs, selectInstantOf, selectMs } from '../mapping/instant-column.ts';
import {
  isMeantRecord,
  locateRecord,
  selectPlaced,
  type LocatedRecord,
  type RecordOf,
} from './find-record.ts';
import {
  answer,
  clockColumns,
  firstRow,
  joinClock,
  refused,
  type ClockRow,
  type ReadContext,
} from './read-context.ts';

/** The order of a list, all descending, so that an index can be read backwards. */
export interface RecordOrder {
  readonly columns: readonly string[];
  /** Those that a cursor is compared by, if not by all: none of them is ever null. */
  readonly compared?: readonly string[];
}

const byAge: RecordOrder = { columns: ['sequence', 'line'] };

/** Which list of a kind, and which part of it. Newest first. */
export interface RecordList<K extends RecordKind, Facts extends object = object> {
  readonly kind: K;
  readonly list: ListRequest;
  /** Whose list it is: of the columns of a record. A cursor is of the same list. */
  readonly of: RawBuilder<boolean>;
  /** What is kept of it, by the columns of a record and the clock `k`. */
  readonly kept: RawBuilder<boolean>;
  /** By age unless said otherwise. */
  readonly order?: RecordOrder;
  /** More columns, read once, by the book `b` and the clock `k`. */
  readonly facts?: RawBuilder<Facts>;
  /** Refuses a list for what its facts say. */
  readonly judge?: (facts: Facts) => Refusal | undefined;
}

/** A page as it is by the clock of the book. */
export interface FoundPage<T, Facts> {
  readonly page: CountedPage<T>;
  readonly instant: Instant;
  readonly facts: Facts;
}

interface ListRow extends ClockRow {
  readonly total_size: string | null;
  readonly cursor_ms: string | null;
}

type PageRow = ListRow & (ToldCouponRow | { readonly sequence: null });

/** Reads a page. */
export async function readRecordPage<K extends RecordKind, Facts extends object>(
  context: ReadContext,
  book: Book,
  asked: RecordList<K, Facts>,
): Promise<ReadAnswer<FoundPage<RecordOf<K>, Facts>>> {
  const { kind, list } = asked;
  const cursor = list.after === undefined ? undefined : locateRecord(book, kind, list.after);
  const rows = await context.run(statementOf(book, asked, cursor));
  const first = firstRow(rows);
  const refusal = asked.judge?.(first) ?? judgeCursor(book, cursor, first.cursor_ms);
  if (refusal !== undefined) return refused(first, refusal);
  const { codec } = context;
  const told = fromToldCoupons(rows.filter(isTold), { book, codec });
  const records = told.map(({ found }) => found.record as RecordOf<K>);
  const totalSize = first.total_size === null ? undefined : Number(first.total_size);
  const items = records.slice(0, list.size);
  const page = { items, hasMore: records.length > list.size, ...present('totalSize', totalSize) };
  return answer(first, { page, instant: fromMs(first.now_ms), facts: first });
}

const noRecord = sql`select * from coupon_record where false`;

/**
 * An event that tells many of the page has its body with one of them. The facts are read once: with
 * `offset 0` they are no part of each row.
 */
function statementOf<Facts extends object>(
  book: Book,
  { kind, list, of, kept, order = byAge, facts }: RecordList<RecordKind, Facts>,
  cursor: LocatedRecord | undefined,
): RawBuilder<PageRow & Facts> {
  const all = sql`book_id = b.id and kind = ${recordKinds[kind]}::int2 and ${of} and ${kept}`;
  const total = list.countTotal
    ? sql`(select count(*) from coupon_record where ${all})`
    : sql`null::int8`;
  const range = cursor === undefined ? sql`true` : isAfterCursor(order);
  return sql<PageRow & Facts>`
    select ${clockColumns}, ${selectMs('w.created_at')} as cursor_ms, f.*,
      r.kind, r.sequence, r.line, r.last_sequence, v.body
    from book b
    ${joinClock}
    cross join lateral (select ${facts ?? sql`null as none`}, ${total} as total_size offset 0) f
    left join lateral (
      select * from (${cursor === undefined ? noRecord : selectPlaced(kind, cursor)}) x
      where ${of}
    ) c on true
    left join lateral (${selectInstantOf('c.sequence')}) w on true
    left join lateral (
      select x.*, row_number() over (partition by x.last_sequence) as place
      from (
        select issued_at, parent_id, kind, sequence, line, last_sequence from coupon_record
        where ${all} and ${range} order by ${descending(order)}
        limit ${list.size + 1}::int8 offset ${list.skip}::int8
      ) x
    ) r on true
    left join lateral (
      select body from event
      where book_id = b.id and sequence = r.last_sequence and r.place = 1 limit 1
    ) v on true
    where b.id = ${book.id}::int4
    order by ${descending(order, 'r.')}`;
}

function descending({ columns }: RecordOrder, of = ''): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql`${sql.ref(`${of}${column}`)} desc`));
}

function isAfterCursor({ columns, compared = columns }: RecordOrder): RawBuilder<boolean> {
  const [own, cursors] = ['', 'c.'].map((of) =>
    sql.join(compared.map((column) => sql.ref(`${of}${column}`))),
  );
  return sql<boolean>`(${own}) < (${cursors})`;
}

function judgeCursor(
  book: Book,
  cursor: LocatedRecord | undefined,
  createdMs: string | null,
): Refusal | undefined {
  if (cursor === undefined || isMeantRecord(book, cursor, createdMs)) return undefined;
  const field = 'starting_after';
  return refuse('CURSOR_INVALID', `${field} names nothing in this list.`, { field });
}

function isTold<Row extends PageRow>(row: Row): row is Row & ToldCouponRow {
  return row.sequence !== null;
}
