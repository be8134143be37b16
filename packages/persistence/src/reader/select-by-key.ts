// The statement that finds present accounts by their keys, and what its rows say.
import type { Book } from '@scrip/engine';
import type { AccountRef, Sequence } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { prepare, type RunPrepared } from '../connection/prepared.ts';
import { isMeant, joinNamed, locate } from './account-ref.ts';
import { isDue } from './live-terms.ts';
import { firstRow, headOf, joinClock, type BookRow } from './read-context.ts';

/** What a read gives, and the sequence that it reflects. */
export interface AsOf<Value> {
  readonly value: Value;
  readonly sequence: Sequence;
}

/** An account in an answer: unknown, or not to be told without its terms, since some are due. */
export type Sought<Value> = Value | 'due' | undefined;

/** Finds accounts, in the order of their names, with one statement. */
export type Seek<Value> = (
  book: Book,
  refs: readonly AccountRef[],
) => Promise<AsOf<readonly Sought<Value>[]>>;

/** Which columns of an account `a` and its unit `u` are read, and what is made of them. */
export interface Sight<Columns, Value> {
  readonly columns: RawBuilder<Columns>;
  readonly read: (row: Columns, book: Book, sequence: Sequence) => Value;
}

interface Keys {
  readonly bookId: number;
  readonly ids: readonly (number | null)[];
  readonly externalIds: readonly (string | null)[];
}

/** The row of an account, all null where there is none. */
type SoughtRow<Columns> = BookRow & {
  /** Without any names the row of the book is still there, alone and without a position. */
  readonly position: string | null;
  readonly is_due: boolean | null;
} & { readonly [Name in keyof Columns]: Columns[Name] | null };

/** Makes a way to find accounts. The text of its statement is made here, once. */
export function createSeek<Columns extends { readonly created_ms: string }, Value>(
  run: RunPrepared,
  { columns, read }: Sight<Columns, Value>,
): Seek<Value> {
  const statement = prepare<Keys, SoughtRow<Columns>>((keys) => selectByKey(keys, columns));
  return async (book, refs) => {
    const located = refs.map((ref) => locate(book, ref));
    const rows = await run(statement, {
      bookId: book.id,
      ids: located.map(({ place }) => place?.sequence ?? null),
      externalIds: refs.map((ref) => (ref.kind === 'external_id' ? ref.externalId : null)),
    });
    const sequence = headOf(firstRow(rows));
    const value = Array.from<Sought<Value>>({ length: refs.length });
    for (const row of rows) {
      const index = Number(row.position) - 1;
      const meant = located[index];
      if (meant === undefined || !isMeant(meant, row.created_ms)) continue;
      value[index] = row.is_due === true ? 'due' : read(row as Columns, book, sequence);
    }
    return { value, sequence };
  };
}

function selectByKey<Columns>(
  { bookId, ids, externalIds }: { readonly [Name in keyof Keys]: object },
  columns: RawBuilder<Columns>,
): RawBuilder<SoughtRow<Columns>> {
  return sql<SoughtRow<Columns>>`
    select b.head_sequence, r.position, ${columns}, ${isDue} as is_due
    from book b
    ${joinClock}
    ${joinNamed(ids, externalIds)}
    where b.id = ${bookId}::int4`;
}
