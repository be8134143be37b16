// Rows as parameters of a write.
import { sql, type RawBuilder } from 'kysely';
import type { ReadSlot } from '../connection/prepared.ts';

/** The columns that are written of rows, each with its type in PostgreSQL. */
export type ColumnTypes<Row> = Readonly<Partial<Record<keyof Row & string, string>>>;

const typesOf = (types: object): readonly (readonly [column: string, type: string])[] =>
  Object.entries(types as Readonly<Record<string, string>>);

/** Gives the rows that a slot is for as a table of the statement, with a name. */
export type TableOf = <Row>(
  slot: object,
  name: string,
  types: ColumnTypes<Row>,
) => RawBuilder<unknown>;

type Rows = readonly Readonly<Record<string, Cell>>[];

/** What a column may hold. */
type Cell = string | number | boolean | Uint8Array | null;

/** Any number of rows: `unnest($1::int8[], …) as name (id, …)`. */
export const tableOfRows: TableOf = (slot, name, types) => {
  const columns = typesOf(types).map(([column, type]) => {
    const all: ReadSlot = { slot, read: (rows) => arrayOf(rows as Rows, column) };
    return sql`${all}::${sql.raw(`${type}[]`)}`;
  });
  return sql`unnest(${sql.join(columns)}) as ${sql.ref(name)} (${namesOf(types)})`;
};

/** One row: `(values ($1::int8, …)) as name (id, …)`, which costs PostgreSQL half as much. */
export const tableOfRow: TableOf = (slot, name, types) => {
  const columns = typesOf(types).map(([column, type]) => {
    const first: ReadSlot = { slot, read: (rows) => (rows as Rows)[0]?.[column] };
    return sql`${first}::${sql.raw(type)}`;
  });
  return sql`(values (${sql.join(columns)})) as ${sql.ref(name)} (${namesOf(types)})`;
};

/**
 * One column of rows as an array, which goes as a single parameter: the literal that PostgreSQL
 * reads, since the driver escapes each element for itself, and that takes most of a flush's time.
 */
function arrayOf(rows: Rows, column: string): string {
  let elements = '';
  for (const row of rows) elements += `,${elementOf(row[column] ?? null)}`;
  return `{${elements.slice(1)}}`;
}

function elementOf(cell: Cell): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'string') return `"${isPlain(cell) ? cell : escaped(cell)}"`;
  if (typeof cell !== 'object') return String(cell);
  const bytes = Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength);
  return `"\\\\x${bytes.toString('hex')}"`;
}

function isPlain(text: string): boolean {
  return !text.includes('"') && !text.includes('\\');
}

function escaped(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&');
}

/** The names of columns, in the order of their types. */
export function namesOf(types: object): RawBuilder<unknown> {
  return sql.join(Object.keys(types).map((column) => sql.ref(column)));
}

/** A timestamp of a column of milliseconds. */
export function timestampOfColumn(name: string): RawBuilder<string> {
  return sql<string>`to_timestamp(${sql.ref(name)}::float8 / 1000)::timestamptz(3)`;
}
