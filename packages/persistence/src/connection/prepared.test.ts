// Texts that are made once, and the values that go with them.
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { prepare } from './prepared.ts';

it('puts a parameter wherever a value is named, and binds them in that order', () => {
  const { text, bind } = prepare<{ readonly a: number; readonly b: string }, object>(
    ({ a, b }) => sql`select ${b}::text, ${a}::int4, ${'fixed'}::text, ${b}::text`,
  );
  expect(text).toBe('select $1::text, $2::int4, $3::text, $4::text');
  expect(bind({ a: 7, b: 'x' })).toEqual(['x', 7, 'fixed', 'x']);
  expect(bind({ a: 8, b: 'y' })).toEqual(['y', 8, 'fixed', 'y']);
});

it('binds a column of rows as an array, whatever the number of rows', () => {
  interface Row {
    readonly id: number;
  }
  const { text, bind } = prepare<{ readonly rows: readonly Row[]; readonly name: string }, object>(
    ({ rows, name }) => sql`select ${name}::text, ${{ rows, column: 'id' }}::int8[]`,
  );
  expect(text).toBe('select $1::text, $2::int8[]');
  expect(bind({ rows: [{ id: 1 }, { id: 2 }], name: 'x' })).toEqual(['x', [1, 2]]);
  expect(bind({ rows: [], name: 'y' })).toEqual(['y', []]);
});
