// Stores and API keys as messages.
import { create } from '@bufbuild/protobuf';
import { ApiKeySchema, StoreSchema, type ApiKey, type Store } from '@scrip/contract';
import type { Mode } from '@scrip/engine';
import { present, type Instant } from '@scrip/kernel';
import { toProtoTimestamp } from '../value/instant.ts';
import { protoModes } from '../value/words.ts';

/** A store as it is listed. */
export type StoreFacts = {
  readonly storeId: string;
  readonly name: string;
  readonly createdAt: Instant;
};

/** A key of a store as it is listed. */
export type ApiKeyFacts = {
  readonly id: string;
  readonly storeId: string;
  readonly mode: Mode;
  readonly scopes: readonly string[];
  readonly name: string;
  readonly prefix: string;
  readonly createdAt: Instant;
  readonly revokedAt?: Instant;
};

/** The message of a store. */
export function toProtoStore({ storeId, name, createdAt }: StoreFacts): Store {
  return create(StoreSchema, { id: storeId, name, createdAt: toProtoTimestamp(createdAt) });
}

/** The message of a key; its text is no part of it. */
export function toProtoApiKey(key: ApiKeyFacts): ApiKey {
  const { id, storeId, mode, scopes, name, prefix, createdAt, revokedAt } = key;
  return create(ApiKeySchema, {
    id,
    storeId,
    mode: protoModes[mode],
    scopes: [...scopes],
    name,
    prefix,
    createdAt: toProtoTimestamp(createdAt),
    ...present('revokedAt', revokedAt === undefined ? undefined : toProtoTimestamp(revokedAt)),
  });
}
