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

it('binds what is read from a value', () => {
  const read = (value: unknown) => (value as readonly number[]).length;
  const { text, bind } = prepare<{ readonly rows: readonly number[] }, object>(
    ({ rows }) => sql`select ${rows}::int4[], ${{ slot: rows, read }}::int4`,
  );
  expect(text).toBe('select $1::int4[], $2::int4');
  expect(bind({ rows: [5, 7] })).toEqual([[5, 7], 2]);
});
