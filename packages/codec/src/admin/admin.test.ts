// Stores and keys on their way in and out.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  CreateApiKeyRequestSchema,
  CreateStoreRequestSchema,
  ListApiKeysRequestSchema,
  MintAccessTokenRequestSchema,
  Mode,
  RevokeApiKeyRequestSchema,
} from '@scrip/contract';
import { instantFromMs } from '@scrip/kernel';
import { describe, expect, it } from 'vitest';
import {
  fromProtoCreateApiKeyRequest,
  fromProtoCreateStoreRequest,
  fromProtoListApiKeysRequest,
  fromProtoMintAccessTokenRequest,
  fromProtoRevokeApiKeyRequest,
} from './from-proto-admin-requests.ts';
import { toProtoApiKey, toProtoStore } from './to-proto-admin.ts';

const createdAt = instantFromMs(1_700_000_000_123);
const protoCreatedAt = { seconds: 1_700_000_000n, nanos: 123_000_000 };

describe('a request of administration', () => {
  it('has its name trimmed', () => {
    const store = create(CreateStoreRequestSchema, { name: ' a shop ' });
    expect(fromProtoCreateStoreRequest(store)).toMatchObject({ value: 'a shop' });
    const key = create(CreateApiKeyRequestSchema, { name: ' a key\t', scopes: ['ledger:read'] });
    expect(fromProtoCreateApiKeyRequest(key)).toMatchObject({
      value: { name: 'a key', scopes: ['ledger:read'] },
    });
  });

  it.each(['   ', 'a\u0000b', 'x'.repeat(101)])('is refused with the name %j', (name) => {
    const request = create(CreateStoreRequestSchema, { name });
    expect(fromProtoCreateStoreRequest(request)).toMatchObject({
      reason: 'FIELD_INVALID',
      metadata: { field: 'name' },
    });
  });

  it('is refused with an id that cannot be stored', () => {
    const request = create(RevokeApiKeyRequestSchema, { apiKeyId: 'key_\u0000' });
    expect(fromProtoRevokeApiKeyRequest(request)).toMatchObject({
      metadata: { field: 'api_key_id' },
    });
  });

  it('asks for pages of 50, from the first, unless it says otherwise', () => {
    const page = (request: object) =>
      fromProtoListApiKeysRequest(create(ListApiKeysRequestSchema, request));
    expect(page({})).toEqual({ kind: 'parsed', value: { size: 50 } });
    expect(page({ pageSize: 3, startingAfter: 'key_1' })).toEqual({
      kind: 'parsed',
      value: { size: 3, after: 'key_1' },
    });
    expect(page({ startingAfter: '\u0000' }).kind).toBe('refused');
  });
});

describe('an answer of administration', () => {
  it('tells of a store', () => {
    expect(toProtoStore({ storeId: 'sto_1', name: 'A', createdAt })).toMatchObject({
      id: 'sto_1',
      name: 'A',
      createdAt: protoCreatedAt,
    });
  });

  it('tells of a key, revoked or not', () => {
    const facts = {
      id: 'key_1',
      storeId: 'sto_1',
      mode: 'prod',
      scopes: ['admin'],
      name: 'k',
      prefix: 'scrip_prod_abcd',
      createdAt,
    } as const;
    const { mode, ...same } = facts;
    const good = toProtoApiKey(facts);
    expect(mode).toBe('prod');
    expect(good).toMatchObject({ ...same, mode: Mode.PROD, createdAt: protoCreatedAt });
    expect(good.revokedAt).toBeUndefined();
    expect(toProtoApiKey({ ...facts, revokedAt: createdAt }).revokedAt).toMatchObject(
      protoCreatedAt,
    );
  });
});

describe('a request for an access token', () => {
  const account = { ref: { case: 'externalId', value: 'x-1' } } as const;
  const parse = (init: MessageInitShape<typeof MintAccessTokenRequestSchema>) =>
    fromProtoMintAccessTokenRequest(create(MintAccessTokenRequestSchema, init));

  it('names a customer or accounts, and a quarter of an hour unless it says so', () => {
    expect(parse({ customerId: 'ada' })).toMatchObject({
      value: { whose: { kind: 'customer', customerId: 'ada' }, ttlSeconds: 900 },
    });
    expect(parse({ accounts: [account], ttlSeconds: 3600 })).toMatchObject({
      value: {
        whose: { kind: 'accounts', accounts: [{ kind: 'external_id', externalId: 'x-1' }] },
        ttlSeconds: 3600,
      },
    });
  });

  it.each([
    ['customer_id', {}],
    ['customer_id', { customerId: 'a\u0000b' }],
    ['accounts', { customerId: 'ada', accounts: [account] }],
    ['accounts[1]', { accounts: [account, {}] }],
  ])('is refused for its %s: %j', (field, init) => {
    expect(parse(init)).toMatchObject({ reason: 'FIELD_INVALID', metadata: { field } });
  });
});
