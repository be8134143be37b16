// Rows as parameters of a write.
import { sql, type RawBuilder } from 'kysely';
import type { ReadSlot } from '../connection/prepared.ts';
import { arrayOf, parameterOf, sqlTypeOf, type Cell, type ColumnType } from './column-types.ts';

/** The columns that are written of rows, each with its type. */
export type ColumnTypes<Row> = { readonly [Name in keyof Row & string]?: ColumnType<Row[Name]> };

const typesOf = (types: object): readonly (readonly [column: string, type: ColumnType])[] =>
  Object.entries(types as Readonly<Record<string, ColumnType>>);

/** Gives the rows that a slot is for as a table of the statement, with a name. */
export type TableOf = <Row>(
  slot: object,
  name: string,
  types: ColumnTypes<Row>,
) => RawBuilder<unknown>;

type Rows = readonly Readonly<Record<string, Cell>>[];

/** Any number of rows: `unnest($1::int8[], …) as name (id, …)`. */
export const tableOfRows: TableOf = (slot, name, types) => {
  const columns = typesOf(types).map(([column, type]) => {
    const cellsOf = (rows: unknown) => (rows as Rows).map((row) => row[column] ?? null);
    const all: ReadSlot = { slot, read: (rows) => arrayOf(cellsOf(rows), type) };
    return sql`${all}::${sql.raw(`${sqlTypeOf(type)}[]`)}`;
  });
  return sql`unnest(${sql.join(columns)}) as ${sql.ref(name)} (${namesOf(types)})`;
};

/** One row: `(values ($1::int8, …)) as name (id, …)`, which costs PostgreSQL half as much. */
export const tableOfRow: TableOf = (slot, name, types) => {
  const columns = typesOf(types).map(([column, type]) => {
    const cellOf = (rows: unknown) => (rows as Rows)[0]?.[column] ?? null;
    const first: ReadSlot = { slot, read: (rows) => parameterOf(cellOf(rows), type) };
    return sql`${first}::${sql.raw(sqlTypeOf(type))}`;
  });
  return sql`(values (${sql.join(columns)})) as ${sql.ref(name)} (${namesOf(types)})`;
};

/** Rows that are there only if the head was moved, and not before: the part `heads` says so. */
export function behindHead(tableOf: TableOf): TableOf {
  return (slot, name, types) =>
    sql`(select r.* from heads, ${tableOf(slot, 'r', types)}) as ${sql.ref(name)}`;
}

/** The names of columns, in the order of their types. */
export function namesOf(types: object): RawBuilder<unknown> {
  return sql.join(Object.keys(types).map((column) => sql.ref(column)));
}

/** A timestamp of a column of milliseconds. */
export function timestampOfColumn(name: string): RawBuilder<string> {
  return sql<string>`to_timestamp(${sql.ref(name)}::float8 / 1000)::timestamptz(3)`;
}
