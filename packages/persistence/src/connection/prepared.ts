// Statements whose text is made once: making it anew costs a call more than all else it does here.
import type { RawBuilder } from 'kysely';
import { journalErrorOf } from '../journal/journal-error-of.ts';
import { compile } from './compile.ts';
import type { GuardedPool } from './guarded-pool.ts';

/** A statement with a text, which takes values by name. */
export interface Prepared<Values extends object, Row> {
  readonly text: string;
  /** The values in the order of the text. */
  readonly bind: (values: Values) => readonly unknown[];
  /** For the compiler alone: what the rows are. */
  readonly row?: Row;
}

/** Runs a prepared statement; what fails is a `JournalError`. */
export type RunPrepared = <Values extends object, Row>(
  statement: Prepared<Values, Row>,
  values: Values,
) => Promise<readonly Row[]>;

/** Stands for each value where a statement is built. */
export type Slots<Values extends object> = { readonly [Name in keyof Values]: object };

/** Stands for something that is read from the value of a slot, as a column is from rows. */
export interface ReadSlot {
  readonly slot: object;
  readonly read: (value: unknown) => unknown;
}

/** Makes the text of a statement: a parameter wherever a slot is, or something read from one. */
export function prepare<Values extends object, Row>(
  build: (slots: Slots<Values>) => RawBuilder<Row>,
): Prepared<Values, Row> {
  const nameBySlot = new Map<unknown, keyof Values>();
  const slotByName = new Map<PropertyKey, object>();
  const slotOf = (_: unknown, name: PropertyKey): object => {
    const slot = slotByName.get(name) ?? {};
    slotByName.set(name, slot);
    nameBySlot.set(slot, name as keyof Values);
    return slot;
  };
  const slots = new Proxy({}, { get: slotOf }) as Slots<Values>;
  const { sql: text, parameters } = compile(build(slots));
  const readers = parameters.map((parameter) => {
    const { slot = parameter, read } = (parameter ?? {}) as Partial<ReadSlot>;
    const name = nameBySlot.get(slot);
    if (name === undefined) return () => parameter;
    return (values: Values): unknown => (read === undefined ? values[name] : read(values[name]));
  });
  return { text, bind: (values) => readers.map((read) => read(values)) };
}

/** Runs statements each on a connection of a pool. */
export function createRunPrepared(pool: Pick<GuardedPool, 'connect'>): RunPrepared {
  return async <Values extends object, Row>(
    { text, bind }: Prepared<Values, Row>,
    values: Values,
  ) => {
    try {
      const connection = await pool.connect();
      try {
        return (await connection.query(text, bind(values))).rows as readonly Row[];
      } finally {
        connection.release();
      }
    } catch (error) {
      throw journalErrorOf(error);
    }
  };
}
