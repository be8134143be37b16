// API keys: kept as digests, found by digest.
import type { Mode } from '@scrip/engine';
import { present, type Instant } from '@scrip/kernel';
import { raw, type EntityManager, type MikroORM } from '@mikro-orm/postgresql';
import { ApiKey as ApiKeyEntity } from '../entities/api-key.ts';
import { attempt } from './attempt.ts';
import { afterPlace, oldestFirst, pageOf, type KeysPage, type PageAfter } from './page.ts';

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

/** Whose keys: one store's, in one mode. */
export interface KeyOwner {
  readonly storeId: string;
  readonly mode: Mode;
}

/** A key that has an owner, as all have but the operator's. */
export type OwnedApiKey = ApiKey & KeyOwner;

/** The API keys of this installation. Failures are `JournalError`s. */
export interface ApiKeys {
  add(key: NewApiKey): Promise<void>;
  /** A page of an owner's keys, as `list` has them. Nothing for an unknown cursor. */
  listOwned(owner: KeyOwner, page: PageAfter): Promise<KeysPage<OwnedApiKey> | undefined>;
  /** A key by its id, revoked or not, whoever's it is. */
  findById(id: string): Promise<ApiKey | undefined>;
  /** A key by its id, if it is the owner's. */
  findOwned(owner: KeyOwner, id: string): Promise<OwnedApiKey | undefined>;
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
    listOwned: (owner, page) => attempt(() => listOwnedKeys(orm, owner, page)),
    findOwned: (owner, id) => attempt(() => findOwnedKey(orm.em.fork(), owner, id)),
    list: (storeId) => attempt(() => listKeys(orm, storeId)),
    revoke: (id) => attempt(() => revokeKey(orm, id)),
    findById: (id) => attempt(() => findKey(orm, { id })),
    findByDigest: (digest) => attempt(() => findKey(orm, { digest: Buffer.from(digest) })),
  };
}

async function addKey(orm: MikroORM, key: NewApiKey): Promise<void> {
  const em = orm.em.fork();
  createKey(em, key);
  await em.flush();
}

/** Makes the row of a key, to be written with the rest of a unit of work. */
export function createKey(em: EntityManager, key: NewApiKey): void {
  const { id, storeId, mode, scopes, name, prefix, digest } = key;
  em.create(ApiKeyEntity, {
    id,
    store: storeId ?? null,
    mode: mode ?? null,
    scopes: [...scopes],
    name,
    prefix,
    digest: Buffer.from(digest),
  });
}

async function listOwnedKeys(
  orm: MikroORM,
  owner: KeyOwner,
  { size, after }: PageAfter,
): Promise<KeysPage<OwnedApiKey> | undefined> {
  const em = orm.em.fork();
  const cursor = after === undefined ? undefined : await findOwnedKey(em, owner, after);
  if (after !== undefined && cursor === undefined) return undefined;
  const where = { store: owner.storeId, mode: owner.mode, ...afterPlace(cursor) };
  const found = await em.find(ApiKeyEntity, where, { orderBy: oldestFirst, limit: size + 1 });
  return pageOf(
    found.map((key) => ({ ...fromEntity(key), ...owner })),
    size,
  );
}

async function findOwnedKey(
  em: EntityManager,
  owner: KeyOwner,
  id: string,
): Promise<OwnedApiKey | undefined> {
  const key = await em.findOne(ApiKeyEntity, { id, store: owner.storeId, mode: owner.mode });
  return key === null ? undefined : { ...fromEntity(key), ...owner };
}

async function listKeys(orm: MikroORM, storeId: string | undefined): Promise<readonly ApiKey[]> {
  const where = storeId === undefined ? {} : { store: storeId };
  const keys = await orm.em.fork().find(ApiKeyEntity, where, { orderBy: oldestFirst });
  return keys.map(fromEntity);
}

async function revokeKey(orm: MikroORM, id: string): Promise<boolean> {
  const revokedCount = await orm.em
    .fork()
    .nativeUpdate(ApiKeyEntity, { id, revokedAt: null }, { revokedAt: raw('clock_timestamp()') });
  return revokedCount > 0;
}

async function findKey(
  orm: MikroORM,
  where: { readonly id: string } | { readonly digest: Buffer },
): Promise<ApiKey | undefined> {
  const key = await orm.em.fork().findOne(ApiKeyEntity, where);
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
