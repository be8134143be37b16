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

const statementsByName = new Map<string, Prepared<Write, unknown>>();

/**
 * The statement for a batch. Parts that few batches need are left out of the others, and a post to
 * one account has a statement without arrays and joins: all of that costs a small write more than
 * its rows do.
 */
export function statementFor(write: Write): Prepared<Write, unknown> {
  const { created, detailed, terms, records, events, entries, posted, units } = write;
  const chosen = [
    always,
    ...(created.length + detailed.length > 0 ? [forDetails] : []),
    ...(terms.length > 0 ? [forTerms] : []),
    ...(records.length > 0 ? [forCoupons] : []),
  ];
  const isSingle =
    chosen.length === 1 && [events, entries, posted, units].every(({ length }) => length === 1);
  const all: Parts = Object.fromEntries(chosen.flatMap((each) => Object.entries(each)));
  const name = `${isSingle} ${Object.keys(all).join()}`;
  const statement =
    statementsByName.get(name) ??
    (isSingle ? prepareWrite(ofOnePost, tableOfRow) : prepareWrite(all, tableOfRows));
  statementsByName.set(name, statement);
  return statement;
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
