// Rows as parameters of a write: one for each column, whatever the number of rows.
import { sql, type RawBuilder } from 'kysely';
import type { ColumnSlot } from '../connection/prepared.ts';

/** The columns that are written of rows, each with its type in PostgreSQL. */
export type ColumnTypes<Row> = Readonly<Partial<Record<keyof Row & string, string>>>;

/** Rows as a table of a statement: `unnest($1::int8[], …) as name (id, …)`. */
export function tableOf<Row>(
  rows: object,
  name: string,
  types: ColumnTypes<Row>,
): RawBuilder<unknown> {
  const columns = Object.entries(types).map(([column, type]) => {
    const slot: ColumnSlot = { rows, column };
    return sql`${slot}::${sql.raw(`${type}[]`)}`;
  });
  return sql`unnest(${sql.join(columns)}) as ${sql.ref(name)} (${namesOf(types)})`;
}

/** The names of columns, in the order of their types. */
export function namesOf(types: object): RawBuilder<unknown> {
  return sql.join(Object.keys(types).map((column) => sql.ref(column)));
}

/** A timestamp of a column of milliseconds. */
export function timestampOfColumn(name: string): RawBuilder<string> {
  return sql<string>`to_timestamp(${sql.ref(name)}::float8 / 1000)::timestamptz(3)`;
}
