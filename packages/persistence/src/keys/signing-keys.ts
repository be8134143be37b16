// Keys that sign access tokens: shared by all processes of an installation, and replaced at will.
import type { Instant } from '@scrip/kernel';
import type { MikroORM } from '@mikro-orm/postgresql';
import { sql, type RawBuilder } from 'kysely';
import { createRun, type Run } from '../connection/run.ts';
import { fromMs, selectMs } from '../mapping/instant-column.ts';

/** A key that signs tokens. */
interface SigningKey {
  /** `sgn_` and 32 hexadecimal digits: the `kid` of a token. */
  readonly id: string;
  /** 32 random bytes. */
  readonly secret: Uint8Array;
  readonly createdAt: Instant;
}

/** The signing keys of this installation. Failures are `JournalError`s. */
export interface SigningKeys {
  /** The key that signs now. Makes one when there is none, the same one for all who ask. */
  newest(): Promise<SigningKey>;
  /** A key by its id, newest or not; none when its tokens have long expired. */
  find(id: string): Promise<SigningKey | undefined>;
  /**
   * Makes a new key, which signs from now on, and answers it. Rotations at the same moment make one
   * key together. A key stays known for two hours after another took its place, twice as long as a
   * token lives; what was replaced before that is deleted.
   */
  rotate(): Promise<SigningKey>;
}

/** Makes the signing keys on an ORM. */
export function createSigningKeys(orm: MikroORM): SigningKeys {
  const run = createRun(orm.em.fork().getKysely());
  return {
    newest: async () => (await readNewest(run)) ?? addKey(run, sql`1`),
    find: async (id) => {
      const [row] = await run(sql<KeyRow>`
        select id, secret, ${selectMs('created_at')} as created_ms from signing_key
        where id = ${id}::text`);
      return row && fromKeyRow(row);
    },
    rotate: () => rotate(run),
  };
}

interface KeyRow {
  readonly id: string;
  readonly secret: Uint8Array;
  readonly created_ms: string;
}

async function readNewest(run: Run): Promise<SigningKey | undefined> {
  const [row] = await run(sql<KeyRow>`
    select id, secret, ${selectMs('created_at')} as created_ms from signing_key
    order by number desc limit 1`);
  return row && fromKeyRow(row);
}

async function rotate(run: Run): Promise<SigningKey> {
  await run(sql`
    delete from signing_key k where exists (
      select 1 from signing_key n
      where n.number > k.number and n.created_at < clock_timestamp() - interval '2 hours'
    )`);
  return addKey(run, sql`(select coalesce(max(number), 0) + 1 from signing_key)`);
}

/**
 * Adds a key with a number, or finds that another process just did. The database draws the secret,
 * from its strong source of random numbers: 244 bits in two UUIDs. So it is in no statement's
 * parameters, which servers may log.
 */
async function addKey(run: Run, number: RawBuilder<unknown>): Promise<SigningKey> {
  await run(sql`
    insert into signing_key (number, id, secret) values (
      ${number}, 'sgn_' || replace(gen_random_uuid()::text, '-', ''),
      sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    )
    on conflict (number) do nothing`);
  const newest = await readNewest(run);
  if (newest === undefined) throw new Error('A signing key was made and is not there.');
  return newest;
}

function fromKeyRow({ id, secret, created_ms }: KeyRow): SigningKey {
  return { id, secret: new Uint8Array(secret), createdAt: fromMs(created_ms) };
}
