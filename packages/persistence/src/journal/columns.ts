// Columns of rows as parameters of a write.
import { sql, type RawBuilder } from 'kysely';

/** What a column may hold. */
type Cell = string | number | boolean | Uint8Array | null;

/**
 * One column of rows as an array, which goes as a single parameter: the literal that PostgreSQL
 * reads, since the driver escapes each element for itself, and that takes most of a flush's time.
 */
export function column<K extends string>(
  rows: readonly { readonly [P in K]: Cell }[],
  key: K,
): string {
  let elements = '';
  for (const row of rows) elements += `,${elementOf(row[key])}`;
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

/** A timestamp of a column of milliseconds. */
export function timestampOfColumn(name: string): RawBuilder<string> {
  return sql<string>`to_timestamp(${sql.ref(name)}::float8 / 1000)::timestamptz(3)`;
}
