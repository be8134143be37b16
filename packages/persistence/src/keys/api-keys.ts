// API keys: kept as digests, found by digest.
import type { Mode } from '@scrip/engine';
import { present, type Instant } from '@scrip/kernel';
import { raw, type MikroORM } from '@mikro-orm/postgresql';
import { ApiKey as ApiKeyEntity } from '../entities/api-key.ts';
import { attempt } from './stores.ts';

/** An API key without its secret. The operator key has no store and no mode. */
export interface ApiKey {
  readonly id: string;
  readonly storeId?: string;
  readonly mode?: Mode;
  readonly scopes: readonly string[];
  readonly name: string;
  /** The beginning of the key, to tell keys apart. */
  readonly prefix: string;
  readonly createdAt: Instant;
  readonly revokedAt?: Instant;
}

/** A key to be kept: the SHA-256 of the secret in place of the secret. */
export interface NewApiKey extends Omit<ApiKey, 'createdAt' | 'revokedAt'> {
  readonly digest: Uint8Array;
}

/** The API keys of this installation. Failures are `JournalError`s. */
export interface ApiKeys {
  add(key: NewApiKey): Promise<void>;
  /** The keys of a store, or all of them, the oldest first, revoked ones included. */
  list(storeId?: string): Promise<readonly ApiKey[]>;
  /** Revokes a key from now on. Answers whether there was one that was not revoked. */
  revoke(id: string): Promise<boolean>;
  /** The key of a digest, revoked or not. */
  findByDigest(digest: Uint8Array): Promise<ApiKey | undefined>;
}

/** Makes the API keys on an ORM. */
export function createApiKeys(orm: MikroORM): ApiKeys {
  return {
    add: (key) => attempt(() => addKey(orm, key)),
    list: (storeId) => attempt(() => listKeys(orm, storeId)),
    revoke: (id) => attempt(() => revokeKey(orm, id)),
    findByDigest: (digest) => attempt(() => findKey(orm, digest)),
  };
}

async function addKey(orm: MikroORM, key: NewApiKey): Promise<void> {
  const { id, storeId, mode, scopes, name, prefix, digest } = key;
  const em = orm.em.fork();
  em.create(ApiKeyEntity, {
    id,
    store: storeId ?? null,
    mode: mode ?? null,
    scopes: [...scopes],
    name,
    prefix,
    digest: Buffer.from(digest),
  });
  await em.flush();
}

async function listKeys(orm: MikroORM, storeId: string | undefined): Promise<readonly ApiKey[]> {
  const where = storeId === undefined ? {} : { store: storeId };
  const orderBy = { createdAt: 'asc', id: 'asc' } as const;
  const keys = await orm.em.fork().find(ApiKeyEntity, where, { orderBy });
  return keys.map(fromEntity);
}

async function revokeKey(orm: MikroORM, id: string): Promise<boolean> {
  const revokedCount = await orm.em
    .fork()
    .nativeUpdate(ApiKeyEntity, { id, revokedAt: null }, { revokedAt: raw('clock_timestamp()') });
  return revokedCount > 0;
}

async function findKey(orm: MikroORM, digest: Uint8Array): Promise<ApiKey | undefined> {
  const key = await orm.em.fork().findOne(ApiKeyEntity, { digest: Buffer.from(digest) });
  return key === null ? undefined : fromEntity(key);
}

function fromEntity(key: ApiKeyEntity): ApiKey {
  return {
    id: key.id,
    ...present('storeId', key.store?.id),
    ...present('mode', (key.mode ?? undefined) as Mode | undefined),
    scopes: key.scopes,
    name: key.name,
    prefix: key.prefix,
    createdAt: key.createdAt.getTime() as Instant,
    ...present('revokedAt', key.revokedAt?.getTime() as Instant | undefined),
  };
}
