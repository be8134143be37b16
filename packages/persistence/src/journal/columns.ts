// Columns of rows as parameters of a write.
import { sql, type RawBuilder } from 'kysely';

/** One column of rows as an array, which goes as a single parameter. */
export function column<T, K extends keyof T>(rows: readonly T[], key: K): readonly T[K][] {
  return rows.map((row) => row[key]);
}

/** A timestamp of a column of milliseconds. */
export function timestampOfColumn(name: string): RawBuilder<string> {
  return sql<string>`to_timestamp(${sql.ref(name)}::float8 / 1000)::timestamptz(3)`;
}
