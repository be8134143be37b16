// `schema.sql` is what the migrations make; `pnpm --filter @scrip/persistence generate` writes it.
import { readFileSync } from 'node:fs';
import { connectTestDatabase, jsonEventCodec } from '@scrip/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../database.ts';
import { dumpSchema } from './dump-schema.ts';

const schemaFile = new URL('../../schema.sql', import.meta.url);

describe('schema.sql', () => {
  it('is what a freshly migrated database has', async () => {
    const { connection, client } = await connectTestDatabase();
    const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
    onTestFinished(() => database.close());
    await database.migrate();
    await expect(await dumpSchema(client)).toMatchFileSnapshot(schemaFile.pathname);
  });

  it('makes the same tables in an empty database', async () => {
    const { client } = await connectTestDatabase();
    const schema = readFileSync(schemaFile, 'utf8');
    await client.query(schema);
    expect(await dumpSchema(client)).toBe(schema);
  });

  it.each([
    `alter table unit alter column scale type integer`,
    `alter table account drop constraint account_available_check`,
    `alter domain book_mode drop constraint book_mode_check`,
    `alter table book alter column mode type text`,
    `comment on domain unit_scale is 'Something else.'`,
    `alter table event set (fillfactor = 90)`,
    `drop index seal_created_at_idx; create index seal_created_at_idx on seal (book_id)`,
    `comment on column entry.balance is 'Something else.'`,
    `alter table api_key drop constraint api_key_store_fkey`,
  ])('differs after: %s', async (change) => {
    const { client } = await connectTestDatabase();
    const schema = readFileSync(schemaFile, 'utf8');
    await client.query(`${schema} ${change}`);
    expect(await dumpSchema(client)).not.toBe(schema);
  });
});
