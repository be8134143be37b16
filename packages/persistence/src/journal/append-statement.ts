// The statement that writes a batch, in the few shapes that batches have.
import { sql, type RawBuilder } from 'kysely';
import { prepare, type Prepared, type Slots } from '../connection/prepared.ts';
import * as parts from './append-parts.ts';
import type { ExpectingWrite, Part, Write } from './append-parts.ts';
import { behindHead, tableOfRow, tableOfRows, type TableOf } from './columns.ts';
import { insertCustomerEvents, upsertCouponRecords } from './coupon-parts.ts';

type Parts<W extends Write = Write> = Readonly<Record<string, Part<W>>>;

// The head first: what comes behind it may read what became of it.
const always: Parts = {
  heads: parts.updateHead,
  events: parts.insertEvents,
  entries: parts.insertEntries,
  posted: parts.updateBalances,
  units: parts.upsertUnits,
  seals: parts.insertSeal,
};
const ofOnePost: Parts = { ...always, posted: parts.updateBalance };
const forDetails: Parts = { created: parts.insertAccounts, detailed: parts.updateDetails };
const forTerms: Parts = { terms: parts.upsertTerms, changes: parts.insertTermChanges };
const forCoupons: Parts = { records: upsertCouponRecords, customers: insertCustomerEvents };

/** In the order of their bits in a shape. */
const few = [forDetails, forTerms, forCoupons];
const shapeOfOnePost = -1;

interface ClockRow {
  readonly now_ms: string;
}

/**
 * The statement for a batch. Parts that few batches need are left out of the others, and a post to
 * one account has a statement without arrays and joins: all of that costs a small write more than
 * its rows do.
 */
export const statementFor = madeOnce(prepareWrite);

/**
 * The statement for a batch on a book that is expected to be as it was. It has a row only if it
 * wrote the batch, and else changes nothing.
 */
export const expectingStatementFor = madeOnce(prepareExpectingWrite);

function madeOnce<W extends Write, Row>(prepareOf: (shape: number) => Prepared<W, Row>) {
  const statementsByShape = new Map<number, Prepared<W, Row>>();
  return (write: W): Prepared<W, Row> => {
    const shape = shapeOf(write);
    const known = statementsByShape.get(shape);
    if (known !== undefined) return known;
    const statement = prepareOf(shape);
    statementsByShape.set(shape, statement);
    return statement;
  };
}

/** The parts that a write has beside those of all: a bit for each of `few`, and -1 for one post. */
function shapeOf(write: Write): number {
  const { created, detailed, terms, records, events, entries, posted, units } = write;
  const details = created.length + detailed.length > 0 ? 1 : 0;
  const shape = details + (terms.length > 0 ? 2 : 0) + (records.length > 0 ? 4 : 0);
  const isOnePost =
    events.length === 1 && entries.length === 1 && posted.length === 1 && units.length === 1;
  return shape === 0 && isOnePost ? shapeOfOnePost : shape;
}

function tableOf(shape: number): TableOf {
  return shape === shapeOfOnePost ? tableOfRow : tableOfRows;
}

function partsOf(shape: number): Parts {
  if (shape === shapeOfOnePost) return ofOnePost;
  const chosen = few.filter((_, bit) => (shape & (1 << bit)) !== 0);
  return Object.fromEntries([always, ...chosen].flatMap((each) => Object.entries(each)));
}

function prepareWrite(shape: number): Prepared<Write, unknown> {
  const chosen = partsOf(shape);
  // COMMIT does not wait for the answer: what was not found divides by zero.
  return prepare<Write, unknown>(
    (write) => sql`
      with ${allOf(chosen, write, tableOf(shape))}
      select 1 / (exists (select from heads) and ${isUpdated(chosen, write)})::int4`,
  );
}

function prepareExpectingWrite(shape: number): Prepared<ExpectingWrite, ClockRow> {
  const chosen = { ...partsOf(shape), heads: parts.updateExpectedHead };
  return prepare<ExpectingWrite, ClockRow>(
    (write) => sql`
      with ${allOf(chosen, write, behindHead(tableOf(shape)))}
      select now_ms, 1 / (${isUpdated(chosen, write)})::int4 from heads`,
  );
}

function allOf<W extends Write>(
  chosen: Parts<W>,
  write: Slots<W>,
  table: TableOf,
): RawBuilder<unknown> {
  return sql.join(
    Object.entries(chosen).map(([name, part]) => sql`${sql.ref(name)} as (${part(write, table)})`),
  );
}

/** Whether the accounts were found that are not new. */
function isUpdated(chosen: object, { updatedCount }: Slots<Write>): RawBuilder<unknown> {
  const updates = ['posted', 'detailed'].filter((name) => name in chosen);
  const counts = updates.map((name) => sql`(select count(*) from ${sql.ref(name)})`);
  return sql`${sql.join(counts, sql` + `)} = ${updatedCount}::int8`;
}
