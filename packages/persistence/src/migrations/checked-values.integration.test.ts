// What the database refuses by itself, in a new database and in one from before domains.
import { readFileSync } from 'node:fs';
import { connectTestDatabase, jsonEventCodec as codec } from '@scrip/testkit';
import type { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { dumpSchema } from '../schema/dump-schema.ts';
import { migrate } from './migrate.ts';
import { migrateTo } from './migrate-to.ts';
import { migrationNames } from './migrations-list.ts';

const before = '0005-keeps-posts-in-fewer-bytes';
const tables = ['store', 'api_key', 'book', 'unit', 'account'] as const;

const rows = `
  insert into store (id, name) values ('s', '');
  insert into api_key (id, store_id, mode, scopes, name, prefix, digest)
    values ('operator', null, null, '{}', '', '', 'o'), ('key', 's', 'test', '{}', '', '', 'k');
  insert into book (store_id, mode, chain_hash, id_key)
    select 's', mode, sha256(''), '' from unnest(array['test', 'prod']) mode;
  insert into unit select 1, 'u' || scale, scale, 0, 0, 0 from generate_series(0, 18) scale;
  insert into account (id, book_id, created_at, updated_at, balance_updated_at, last_sequence,
      balance, held, customer_id, name, name_key, unit_label, status)
    select n, 1, now(), now(), now(), n, n, n - 1, 'c', '', n::text, 'u0',
      (array['active', 'frozen', 'closed'])[1 + n % 3]
    from generate_series(1, 3000) n;`;

/** What would be wrong, with the check that says so. */
const refused: readonly (readonly [check: string, statement: string])[] = [
  ['account_status_check', `update account set status = 'gone' where id = 1`],
  ['account_status_check', `insert into account (status) values ('Active')`],
  ['account_available_check', `update account set held = -1 where id = 2`],
  ['account_available_check', `update account set balance = 1 where id = 3`],
  ['book_mode_check', `update book set mode = 'live' where id = 1`],
  ['book_mode_check', `update api_key set mode = 'live' where id = 'key'`],
  ['head_sequence_check', `update book set head_sequence = -1 where id = 1`],
  ['chain_hash_check', `update book set chain_hash = '' where id = 1`],
  ['chain_hash_check', `update book set chain_hash = sha512('') where id = 1`],
  ['unit_scale_check', `update unit set scale = 19 where label = 'u18'`],
  ['unit_scale_check', `insert into unit values (1, 'u', -1, 0, 0, 0)`],
];

describe('a new database', () => {
  it('refuses what is wrong, by the check that says so', async () => {
    const { client, connection } = await connectTestDatabase();
    await migrate(connection, codec);
    await client.query(rows);
    expect(await refusalsOf(client)).toEqual(refused);
  });
});

describe('a database from before domains', () => {
  it('has the same checks and rows afterwards, in the same places', async () => {
    const { client, connection } = await connectTestDatabase();
    await migrateTo(connection, codec, before);
    await client.query(rows);
    const earlier = await readTables(client);
    expect(await migrate(connection, codec)).toEqual(
      migrationNames.slice(migrationNames.indexOf(before) + 1),
    );
    expect(await readTables(client)).toEqual(earlier);
    const schemaFile = new URL('../../schema.sql', import.meta.url);
    expect(await dumpSchema(client)).toBe(readFileSync(schemaFile, 'utf8'));
    expect(await refusalsOf(client)).toEqual(refused);
  });
});

/** The statements, each with the check that the database names. */
async function refusalsOf(client: Client): Promise<typeof refused> {
  const found: [string, string][] = [];
  for (const [, statement] of refused) {
    const error: unknown = await client.query(statement).catch((thrown: unknown) => thrown);
    const { constraint = 'none' } = error as { readonly constraint?: string };
    found.push([constraint, statement]);
  }
  return found;
}

/** The file and the rows of each table, with where they lie. */
async function readTables(client: Client): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const table of tables) {
    const { rows: files } = await client.query(`select pg_relation_filenode($1::regclass)`, [
      table,
    ]);
    const { rows: lines } = await client.query(
      `select ctid, to_json(${table}) as row from ${table} order by ctid`,
    );
    expect(lines.length).toBeGreaterThan(0);
    found.push(files, lines);
  }
  return found;
}
