// The statement that writes a batch, in the few shapes that batches have.
import { sql } from 'kysely';
import { prepare, type Prepared } from '../connection/prepared.ts';
import * as parts from './append-parts.ts';
import type { Part, Write } from './append-parts.ts';
import { tableOfRow, tableOfRows, type TableOf } from './columns.ts';
import { insertCustomerEvents, upsertCouponRecords } from './coupon-parts.ts';

type Parts = Readonly<Record<string, Part>>;

const always: Parts = {
  events: parts.insertEvents,
  entries: parts.insertEntries,
  posted: parts.updateBalances,
  units: parts.upsertUnits,
  seals: parts.insertSeal,
  heads: parts.updateHead,
};
const ofOnePost: Parts = { ...always, posted: parts.updateBalance };
const forDetails: Parts = { created: parts.insertAccounts, detailed: parts.updateDetails };
const forTerms: Parts = { terms: parts.upsertTerms, changes: parts.insertTermChanges };
const forCoupons: Parts = { records: upsertCouponRecords, customers: insertCustomerEvents };

/** In the order of their bits in a shape. */
const few = [forDetails, forTerms, forCoupons];
const shapeOfOnePost = -1;
const statementsByShape = new Map<number, Prepared<Write, unknown>>();

/**
 * The statement for a batch. Parts that few batches need are left out of the others, and a post to
 * one account has a statement without arrays and joins: all of that costs a small write more than
 * its rows do.
 */
export function statementFor(write: Write): Prepared<Write, unknown> {
  const shape = shapeOf(write);
  const known = statementsByShape.get(shape);
  if (known !== undefined) return known;
  const statement =
    shape === shapeOfOnePost
      ? prepareWrite(ofOnePost, tableOfRow)
      : prepareWrite(partsOf(shape), tableOfRows);
  statementsByShape.set(shape, statement);
  return statement;
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

function partsOf(shape: number): Parts {
  const chosen = few.filter((_, bit) => (shape & (1 << bit)) !== 0);
  return Object.fromEntries([always, ...chosen].flatMap((each) => Object.entries(each)));
}

function prepareWrite(chosen: Parts, tableOf: TableOf): Prepared<Write, unknown> {
  const updates = ['posted', 'detailed'].filter((name) => name in chosen);
  const counts = updates.map((name) => sql`(select count(*) from ${sql.ref(name)})`);
  return prepare((write) => {
    const all = Object.entries(chosen).map(
      ([name, part]) => sql`${sql.ref(name)} as (${part(write, tableOf)})`,
    );
    // COMMIT does not wait for the answer: what was not found divides by zero.
    return sql`
      with ${sql.join(all)}
      select 1 / (
        exists (select from heads) and ${sql.join(counts, sql` + `)} = ${write.updatedCount}::int8
      )::int4`;
  });
}
