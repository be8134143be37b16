// Stores and API keys on a real PostgreSQL, with two servers on one database.
import { ErrorReason, Mode } from '@scrip/contract';
import { createTestDatabase, expectWithin, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopes } from './auth/api-key.ts';
import {
  openLedgers,
  refusalOf,
  withKey,
  type KeyOptions,
  type LedgersOnPostgres,
} from './compose-for-tests.ts';

let testDatabase: TestDatabase;
let ledgers: LedgersOnPostgres;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  ledgers = await openLedgers(testDatabase.connection);
});

afterAll(async () => {
  await ledgers.close();
  await testDatabase.drop();
});

const readOnly = { name: 'reader', scopes: ['ledger:read'] };

async function createStore(name: string) {
  const made = await ledgers.here.admin.createStore({ name }, ledgers.asOperator);
  const ofMode = (mode: 'test' | 'prod') => withKey(made[mode]?.apiKey);
  return { ...made, asTest: ofMode('test'), asProd: ofMode('prod') };
}

const head = (options: KeyOptions) => ledgers.there.ledger.getHead({}, options);
const keyIds = async (options: KeyOptions) => {
  const { apiKeys } = await ledgers.there.admin.listApiKeys({}, options);
  return apiKeys.map(({ id }) => id);
};

describe('a store', () => {
  it('is made with two books and their first keys, which every server takes', async () => {
    const { store, test, prod, asTest, asProd } = await createStore('  second ');
    expect(store?.id).toMatch(/^sto_\w{11}$/);
    expect(store?.name).toBe('second');
    expect(test?.apiKey).toMatch(/^scrip_test_/);
    expect(test?.key).toMatchObject({
      storeId: store?.id,
      mode: Mode.TEST,
      scopes,
      createdAt: store?.createdAt,
    });
    expect(prod?.apiKey).toMatch(/^scrip_prod_/);
    expect(await head(asTest)).toMatchObject({ storeId: store?.id, mode: Mode.TEST, sequence: 0n });
    expect(await head(asProd)).toMatchObject({ storeId: store?.id, mode: Mode.PROD, sequence: 0n });
    const { apiKeys } = await ledgers.there.admin.listApiKeys({}, asTest);
    expect(apiKeys).toEqual([test?.key]);
  });

  it('is listed in pages, the oldest first, without its keys', async () => {
    const { store } = await createStore('third');
    const { admin } = ledgers.there;
    const { stores, hasMore } = await admin.listStores({}, ledgers.asOperator);
    expect(hasMore).toBe(false);
    expect([stores[0]?.name, stores.at(-1)]).toEqual(['first', store]);
    const startingAfter = stores[0]?.id ?? '';
    const page = await admin.listStores({ pageSize: 1, startingAfter }, ledgers.asOperator);
    expect(page).toMatchObject({ stores: [stores[1]], hasMore: stores.length > 2 });
    const unknown = admin.listStores({ startingAfter: 'sto_none' }, ledgers.asOperator);
    expect(await refusalOf(unknown)).toEqual({
      reason: ErrorReason.CURSOR_INVALID,
      metadata: { field: 'starting_after' },
    });
  });
});

describe('an API key', () => {
  it('is shown once, and does what its scopes say and no more', async () => {
    const { asTest } = await createStore('shows keys once');
    const { here, there } = ledgers;
    const { key, apiKey } = await here.admin.createApiKey(readOnly, asTest);
    expect(apiKey.startsWith(key?.prefix ?? '-')).toBe(true);
    await head(withKey(apiKey));
    const write = there.ledger.createAccount({ customerId: 'c' }, withKey(apiKey));
    expect(await refusalOf(write)).toMatchObject({ metadata: { scope: 'ledger:write' } });
    const list = await there.admin.listApiKeys({}, asTest);
    expect(list.apiKeys.at(-1)).toEqual(key);
    expect(JSON.stringify(list.apiKeys.map((each) => ({ ...each, createdAt: 0 })))).not.toContain(
      apiKey,
    );
  });

  it('is of the mode of the key that made it, and manages keys of that mode alone', async () => {
    const { test, prod, asTest, asProd } = await createStore('two modes');
    const { key } = await ledgers.here.admin.createApiKey(readOnly, asProd);
    expect(key).toMatchObject({ mode: Mode.PROD, storeId: prod?.key?.storeId });
    expect(await keyIds(asTest)).toEqual([test?.key?.id]);
    expect(await keyIds(asProd)).toEqual([prod?.key?.id, key?.id]);
  });

  it('grants only what it may do itself', async () => {
    const { asTest } = await createStore('grants');
    const { here } = ledgers;
    const made = await here.admin.createApiKey(
      { name: 'clerk', scopes: ['admin', 'ledger:read'] },
      asTest,
    );
    const asClerk = withKey(made.apiKey);
    const beyond = { name: 'more', scopes: ['ledger:read', 'ledger:write'] };
    expect(await refusalOf(here.admin.createApiKey(beyond, asClerk))).toEqual({
      reason: ErrorReason.SCOPE_MISSING,
      metadata: { scope: 'ledger:write' },
    });
    expect((await here.admin.createApiKey(readOnly, asClerk)).key?.scopes).toEqual(['ledger:read']);
  });

  it.each([
    ['scopes', []],
    ['scopes[0]', ['operator']],
    ['scopes[1]', ['ledger:read', 'ledger:*']],
    ['scopes', ['admin', 'admin']],
  ])('is refused for its %s when it asks for %j', async (field, asked) => {
    const call = ledgers.here.admin.createApiKey({ name: 'k', scopes: asked }, ledgers.asTest);
    expect(await refusalOf(call)).toEqual({
      reason: ErrorReason.FIELD_INVALID,
      metadata: { field },
    });
  });

  it('is refused by another server within a second of being revoked', async () => {
    const { asTest } = await createStore('revokes');
    const { here, there } = ledgers;
    const { key, apiKey } = await here.admin.createApiKey(readOnly, asTest);
    const asReader = withKey(apiKey);
    await there.ledger.getHead({}, asReader);
    const apiKeyId = key?.id ?? '';
    const revoked = await here.admin.revokeApiKey({ apiKeyId }, asTest);
    expect(revoked.key?.revokedAt).toBeDefined();
    const isRefused = () =>
      there.ledger.getHead({}, asReader).then(
        () => false,
        () => true,
      );
    await expectWithin(1_000, isRefused);
    expect((await refusalOf(there.ledger.getHead({}, asReader))).reason).toBe(
      ErrorReason.KEY_UNKNOWN,
    );
    expect(await here.admin.revokeApiKey({ apiKeyId }, asTest)).toEqual(revoked);
    const { apiKeys } = await there.admin.listApiKeys({}, asTest);
    expect(apiKeys.at(-1)).toEqual(revoked.key);
  });

  it('of one store or mode has no effect in another', async () => {
    const [mine, other] = [await createStore('mine'), await createStore('other')];
    const apiKeyId = mine.test?.key?.id ?? '';
    const { admin } = ledgers.here;
    for (const strange of [other.asTest, other.asProd, mine.asProd]) {
      expect(await refusalOf(admin.revokeApiKey({ apiKeyId }, strange))).toEqual({
        reason: ErrorReason.API_KEY_NOT_FOUND,
        metadata: { api_key_id: apiKeyId },
      });
      const list = admin.listApiKeys({ startingAfter: apiKeyId }, strange);
      expect((await refusalOf(list)).reason).toBe(ErrorReason.CURSOR_INVALID);
      expect(await keyIds(strange)).not.toContain(apiKeyId);
    }
    const unknown = admin.revokeApiKey({ apiKeyId: 'key_none' }, mine.asTest);
    expect((await refusalOf(unknown)).reason).toBe(ErrorReason.API_KEY_NOT_FOUND);
    const { apiKeys } = await admin.listApiKeys({}, mine.asTest);
    expect(apiKeys).toEqual([mine.test?.key]);
  });
});

describe('the operator key', () => {
  it('manages no keys, and reads and posts nothing', async () => {
    const { here, asOperator } = ledgers;
    const calls = [
      here.admin.createApiKey(readOnly, asOperator),
      here.admin.listApiKeys({}, asOperator),
      here.admin.revokeApiKey({ apiKeyId: 'key_test' }, asOperator),
      here.ledger.getHead({}, asOperator),
      here.ledger.createAccount({ customerId: 'c' }, asOperator),
    ];
    const refusals = await Promise.all(calls.map(refusalOf));
    expect(refusals.map(({ metadata }) => metadata?.['scope'])).toEqual([
      'admin',
      'admin',
      'admin',
      'ledger:read or ledger:write',
      'ledger:write',
    ]);
  });

  it('is needed for stores', async () => {
    const { here, asTest } = ledgers;
    for (const call of [
      here.admin.createStore({ name: 'x' }, asTest),
      here.admin.listStores({}, asTest),
    ]) {
      expect(await refusalOf(call)).toEqual({
        reason: ErrorReason.SCOPE_MISSING,
        metadata: { scope: 'operator' },
      });
    }
  });
});
