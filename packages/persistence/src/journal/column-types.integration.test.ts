// What PostgreSQL reads of columns in its own binary form.
import { createTestDatabase } from '@scrip/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrayOf, parameterOf, sqlTypeOf, type Cell, type ColumnType } from './column-types.ts';

let client: Client;
let drop: () => Promise<void>;

beforeAll(async () => {
  const created = await createTestDatabase();
  drop = created.drop;
  client = new Client(created.connection);
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await drop();
});

const columns: readonly (readonly [ColumnType, readonly Cell[], readonly (string | null)[]])[] = [
  ['bool', [true, null, false], ['true', null, 'false']],
  ['int2', [32_767, -32_768, null], ['32767', '-32768', null]],
  ['int4', [2 ** 31 - 1, -(2 ** 31), null], ['2147483647', '-2147483648', null]],
  [
    'int8',
    [0, 2 ** 32, 2 ** 53 - 1, -1, -(2 ** 32), -62_135_596_800_000, null],
    ['0', '4294967296', '9007199254740991', '-1', '-4294967296', '-62135596800000', null],
  ],
  ['digest', ['ffffffffffffffff', '0123456789abcdef', null], ['-1', '81985529216486895', null]],
  ['hex', ['00ff', '', null], ['\\x00ff', '\\x', null]],
  ['bytea', [Uint8Array.of(0, 255), new Uint8Array(), null], ['\\x00ff', '\\x', null]],
  ['text', ['a"b\\c,{}', 'é€𝄞', '', 'NULL', null], ['a"b\\c,{}', 'é€𝄞', '', 'NULL', null]],
  ['numeric', ['-12.5', '12345678901234567890', null], ['-12.5', '12345678901234567890', null]],
];

describe.each(columns)('cells of %s', (type, cells, texts) => {
  it('arrive in an array as they are', async () => {
    const text = `select cell::text from unnest($1::${sqlTypeOf(type)}[]) cell`;
    const { rows } = await client.query<{ cell: string | null }>(text, [arrayOf(cells, type)]);
    expect(rows.map(({ cell }) => cell)).toEqual(texts);
  });

  it('arrive alone as they are', async () => {
    for (const [index, cell] of cells.entries()) {
      const text = `select $1::${sqlTypeOf(type)}::text as cell`;
      const { rows } = await client.query<{ cell: string }>(text, [parameterOf(cell, type)]);
      expect(rows[0]?.cell).toBe(texts[index]);
    }
  });

  it('may be none at all', async () => {
    const text = `select cardinality($1::${sqlTypeOf(type)}[]) as count`;
    const { rows } = await client.query<{ count: number }>(text, [arrayOf([], type)]);
    expect(rows[0]?.count).toBe(0);
  });
});

it.each<[ColumnType, Cell]>([
  ['int8', 1.5],
  ['int8', Number.NaN],
  ['int8', 2 ** 63],
  ['int4', -0.5],
  ['int2', 40_000],
  ['digest', ''],
  ['digest', '0123456789abcde'],
  ['digest', 'g123456789abcdef'],
  ['hex', 'abc'],
  ['hex', 'zz'],
])('a cell of %s that is none is refused: %s', (type, cell) => {
  expect(() => arrayOf([cell], type)).toThrow();
});
