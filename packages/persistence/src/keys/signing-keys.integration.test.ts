// Signing keys: one for all processes, rotated without forgetting tokens that live.
import { createTestDatabase, jsonEventCodec } from '@scrip/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

let processes: readonly Database[];
let database: Database;
let client: Client;
let drop: () => Promise<void>;

beforeAll(async () => {
  const created = await createTestDatabase();
  drop = created.drop;
  const { connection } = created;
  const open = () => openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  processes = await Promise.all([1, 2, 3, 4].map(open));
  database = processes[0] as Database;
  await database.migrate();
  client = new Client({ ...connection });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await Promise.all(processes.map((each) => each.close()));
  await drop();
});

beforeEach(async () => {
  await client.query('delete from signing_key');
});

describe('the newest signing key', () => {
  it('is one and the same for all processes that first ask for it at the same moment', async () => {
    const keys = await Promise.all(processes.map(({ signingKeys }) => signingKeys.newest()));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
    const { rows } = await client.query('select id, length(secret) as length from signing_key');
    expect(rows).toEqual([{ id: keys[0]?.id, length: 32 }]);
    expect(await database.signingKeys.newest()).toEqual(keys[0]);
  });

  it('is found by its id, and a made-up id is not', async () => {
    const newest = await database.signingKeys.newest();
    expect(newest.id).toMatch(/^sgn_[0-9a-f]{32}$/);
    expect(newest.secret).toHaveLength(32);
    expect(await database.signingKeys.find(newest.id)).toEqual(newest);
    expect(await database.signingKeys.find('sgn_none')).toBeUndefined();
  });
});

describe('a rotation', () => {
  it('makes a key with another secret, which is the newest in every process', async () => {
    const first = await database.signingKeys.newest();
    const second = await database.signingKeys.rotate();
    expect(second.id).not.toBe(first.id);
    expect(second.secret).not.toEqual(first.secret);
    for (const { signingKeys } of processes) {
      expect(await signingKeys.newest()).toEqual(second);
      expect(await signingKeys.find(first.id)).toEqual(first);
    }
  });

  it('makes one key where several processes rotate at the same moment', async () => {
    await database.signingKeys.newest();
    await Promise.all(processes.map(({ signingKeys }) => signingKeys.rotate()));
    const { rows } = await client.query('select number from signing_key order by number');
    expect(rows.length).toBeLessThanOrEqual(1 + processes.length);
    expect(rows.map(({ number }: { number: number }) => number)).toEqual(rows.map((_, i) => i + 1));
  });

  it('keeps a key that was replaced within two hours, however old it is', async () => {
    const first = await database.signingKeys.newest();
    await age('30 days');
    await database.signingKeys.rotate();
    await age('119 minutes');
    await database.signingKeys.rotate();
    expect(await database.signingKeys.find(first.id)).toMatchObject({ secret: first.secret });
  });

  it('deletes a key that was replaced more than two hours ago', async () => {
    const first = await database.signingKeys.newest();
    const second = await database.signingKeys.rotate();
    await age('121 minutes');
    const third = await database.signingKeys.rotate();
    expect(await database.signingKeys.find(first.id)).toBeUndefined();
    expect(await database.signingKeys.find(second.id)).toMatchObject({ secret: second.secret });
    expect(await database.signingKeys.newest()).toEqual(third);
  });
});

/** Makes all keys older. */
async function age(interval: string): Promise<void> {
  await client.query('update signing_key set created_at = created_at - $1::interval', [interval]);
}
