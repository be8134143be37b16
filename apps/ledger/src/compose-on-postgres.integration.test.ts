// The whole server on a real PostgreSQL, in every protocol.
import {
  createClient,
  Code,
  type Client,
  type ConnectError,
  type Transport,
} from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { eventCodec } from '@scrip/codec';
import {
  AccountStatus,
  BatchMode,
  EntrySide,
  ErrorDetailSchema,
  ErrorReason,
  LedgerService,
  TransactionKind,
} from '@scrip/contract';
import { openDatabase, type Database } from '@scrip/persistence';
import { createLog } from '@scrip/runtime';
import { createTestDatabase, expectWithin, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey, scopes } from './auth/api-key.ts';
import { createLedger, type Ledger } from './compose.ts';

const log = createLog({ level: 'warn' });
const storeId = 'sto_00000000001';
const operator = createApiKey({ mode: 'operator', secret: new Uint8Array(32).fill(9) });
const keys = {
  test: createApiKey({ mode: 'test', secret: new Uint8Array(32).fill(1) }),
  prod: createApiKey({ mode: 'prod', secret: new Uint8Array(32).fill(2) }),
};

let testDatabase: TestDatabase;
let database: Database;
let ledger: Ledger;
let baseUrl: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { connection } = testDatabase;
  database = await openDatabase({ connection, codec: eventCodec, allowUnsafe: true });
  await database.migrate();
  const idKeys = { test: new Uint8Array(32).fill(3), prod: new Uint8Array(32).fill(4) };
  await database.stores.create({ storeId, name: 'first', idKeys });
  for (const mode of ['test', 'prod'] as const) {
    const { prefix, digest } = keys[mode];
    await database.apiKeys.add({
      id: `key_${mode}`,
      storeId,
      mode,
      scopes,
      name: mode,
      prefix,
      digest,
    });
  }
  const { prefix, digest } = operator;
  const operatorKey = { id: 'key_operator', scopes: ['operator'], name: 'operator' };
  await database.apiKeys.add({ ...operatorKey, prefix, digest });
  ledger = createLedger({ database, log });
  const { host, port } = await ledger.listen({ host: '127.0.0.1', port: 0 });
  baseUrl = `http://${host}:${port}`;
});

afterAll(async () => {
  await ledger.close();
  await database.close();
  await testDatabase.drop();
});

const transports: readonly (readonly [string, () => Transport])[] = [
  ['gRPC', () => createGrpcTransport({ baseUrl })],
  ['gRPC-Web', () => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' })],
  [
    'Connect',
    () =>
      createConnectTransport({
        baseUrl,
        httpVersion: '1.1',
        useBinaryFormat: false,
        useHttpGet: true,
      }),
  ],
  ['in-process', () => ledger.createTransport()],
];

const headers = { 'x-api-key': keys.test.apiKey };
const options = { headers };
const byId = (id = '') => ({ ref: { case: 'id', value: id } }) as const;
const termsOf = (name: string) => ({ reference: 'order 1', idempotencyKey: name });

async function refusalOf(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.unreachable('the call succeeded'),
    (thrown: unknown) => thrown as ConnectError,
  );
  const [detail] = error.findDetails(ErrorDetailSchema);
  return { code: error.code, reason: detail?.reason, metadata: detail?.metadata };
}

describe.each(transports)('a story over %s', (protocol, createTransport) => {
  let client: Client<typeof LedgerService>;
  let id = '';
  const key = (name: string) => `${protocol} ${name}`;

  beforeAll(() => {
    client = createClient(LedgerService, createTransport());
  });

  it('opens an account with a balance', async () => {
    const request = {
      customerId: key('customer'),
      displayName: 'Ada',
      metadata: { plan: 'pro', 10: [1, null] },
      initialBalance: '5',
      externalId: key('wallet'),
    };
    const { account, sequence } = await client.createAccount(request, options);
    expect(account).toMatchObject({
      balance: '5',
      available: '5',
      held: '0',
      unitLabel: 'credits',
      displayName: 'Ada',
      metadata: { plan: 'pro', 10: [1, null] },
      status: AccountStatus.ACTIVE,
      sequence,
    });
    id = account?.id ?? '';
    const read = await client.getAccount({ account: byId(id), minSequence: sequence }, options);
    expect(read.account).toEqual(account);
  });

  it('credits once under one key, and marks the replay', async () => {
    const request = {
      account: byId(id),
      amount: '10',
      ...termsOf(key('c1')),
      metadata: { b: 1, a: 2 },
    };
    const first = await client.credit(request, options);
    let replay: string | null = null;
    const onHeader = (header: Headers) => {
      replay = header.get('scrip-idempotent-replay');
    };
    const again = await client.credit(request, { ...options, onHeader });
    expect(again).toEqual(first);
    expect(replay).toBe('true');
    expect(first.transaction).toMatchObject({
      kind: TransactionKind.CREDIT,
      entries: [{ side: EntrySide.CREDIT, amount: '10', balanceAfter: '15' }],
    });
    const { transaction } = await client.getTransactionByKey(
      { idempotencyKey: key('c1') },
      options,
    );
    expect(transaction).toEqual(first.transaction);
    const other = await refusalOf(client.credit({ ...request, amount: '11' }, options));
    expect(other).toMatchObject({
      code: Code.AlreadyExists,
      reason: ErrorReason.IDEMPOTENCY_KEY_REUSED,
    });
  });

  it('debits, never below what is available', async () => {
    const request = { account: byId(id), amount: '20', ...termsOf(key('d1')) };
    const refusal = await refusalOf(client.debit(request, options));
    expect(refusal).toMatchObject({
      code: Code.FailedPrecondition,
      reason: ErrorReason.INSUFFICIENT_BALANCE,
      metadata: { account_id: id, required: '20', available: '15' },
    });
    const { sequence: head } = await client.getHead({}, options);
    expect(refusal.metadata?.['sequence']).toBe(String(head));
    const done = await client.debit({ ...request, amount: '3' }, options);
    expect(done.transaction?.entries[0]?.balanceAfter).toBe('12');
    const reversal = { transactionId: done.transaction?.id ?? '' };
    const undone = await client.reverseTransaction(reversal, options);
    expect(undone.transaction?.reversalOf).toBe(reversal.transactionId);
  });

  it('reads balances now and at a sequence, and the history', async () => {
    const { balance, sequence } = await client.getBalance({ account: byId(id) }, options);
    expect(balance?.balance).toBe('15');
    const { entries, hasMore } = await client.listEntries(
      { account: byId(id), pageSize: 3 },
      options,
    );
    expect(entries.map((entry) => entry.balanceAfter)).toEqual(['15', '12', '15']);
    expect(hasMore).toBe(true);
    const atSequence = entries[1]?.sequence ?? 0n;
    const point = { case: 'atSequence', value: atSequence } as const;
    const past = await client.getBalance({ account: byId(id), point }, options);
    expect(past.balance?.balance).toBe('12');
    const beyond = { case: 'atSequence', value: 2n ** 64n - 1n } as const;
    expect(
      await refusalOf(client.getBalance({ account: byId(id), point: beyond }, options)),
    ).toMatchObject({
      code: Code.OutOfRange,
      reason: ErrorReason.SEQUENCE_BEYOND_HEAD,
      metadata: { head_sequence: String(sequence) },
    });
    const external = { ref: { case: 'externalId', value: key('wallet') } } as const;
    const many = await client.batchGetBalances({ accounts: [byId(id), external] }, options);
    expect(many.balances.map((each) => each.balance)).toEqual(['15', '15']);
    const list = await client.listTransactions(
      { account: byId(id), reference: 'opening' },
      options,
    );
    expect(list.transactions.map((each) => each.kind)).toEqual([TransactionKind.OPENING]);
    const accounts = await client.listAccounts(
      { customerId: key('customer'), countTotal: true },
      options,
    );
    expect(accounts).toMatchObject({ totalSize: 1n, accounts: [{ id }] });
  });

  it('posts a batch, each item with its own result', async () => {
    const value = (amount: string, name: string) => ({
      account: byId(id),
      amount,
      ...termsOf(key(name)),
    });
    const { results, sequence } = await client.postBatch(
      {
        items: [
          { item: { case: 'credit', value: value('7', 'b1') } },
          { item: { case: 'debit', value: value('1000', 'b2') } },
          { item: { case: 'debit', value: value('7', 'b3') } },
          { item: { case: 'debit', value: value('-7', 'b4') } },
          { item: { case: 'credit', value: value('7', 'b1') } },
        ],
        mode: BatchMode.INDEPENDENT,
      },
      options,
    );
    expect(results).toMatchObject([
      { result: { value: { replayed: false, transaction: { sequence: sequence - 1n } } } },
      { result: { value: { code: 'failed_precondition', metadata: { available: '22' } } } },
      { result: { value: { replayed: false, transaction: { sequence } } } },
      { result: { value: { reason: ErrorReason.AMOUNT_INVALID, metadata: { field: 'amount' } } } },
      { result: { value: { replayed: true, transaction: { sequence: sequence - 1n } } } },
    ]);
  });

  it('posts between accounts, freezes, updates and closes', async () => {
    const { account } = await client.createAccount({ customerId: key('other') }, options);
    const entries = [
      { account: byId(id), side: EntrySide.DEBIT, amount: '4' },
      { account: byId(account?.id), side: EntrySide.CREDIT, amount: '4' },
    ];
    const posted = await client.postTransaction({ entries, ...termsOf(key('p1')) }, options);
    expect(posted.transaction?.entries.map((entry) => entry.balanceAfter)).toEqual(['11', '4']);
    const frozen = await client.freezeAccount({ account: byId(id) }, options);
    expect(frozen.account?.status).toBe(AccountStatus.FROZEN);
    const credit = { account: byId(id), amount: '1', ...termsOf(key('c2')) };
    expect(await refusalOf(client.credit(credit, options))).toMatchObject({
      reason: ErrorReason.ACCOUNT_FROZEN,
    });
    await client.unfreezeAccount({ account: byId(id) }, options);
    const update = { account: byId(id), displayName: '', email: 'ada@example.com' };
    const updated = await client.updateAccount(update, options);
    expect(updated.account?.displayName).toBeUndefined();
    expect(updated.account?.email).toBe('ada@example.com');
    const closed = await client.closeAccount({ account: byId(id) }, options);
    expect(closed.account).toMatchObject({ status: AccountStatus.CLOSED, balance: '11' });
  });

  it('shows nothing of one book in another', async () => {
    const prod = { headers: { authorization: `Bearer ${keys.prod.apiKey}` } };
    expect(await refusalOf(client.getAccount({ account: byId(id) }, prod))).toMatchObject({
      code: Code.NotFound,
      reason: ErrorReason.ACCOUNT_NOT_FOUND,
    });
    const { sequence, lastEventAt, chainHash } = await client.getHead({}, prod);
    expect({ sequence, lastEventAt }).toEqual({ sequence: 0n, lastEventAt: undefined });
    expect(chainHash).toEqual(new Uint8Array(32));
  });

  it('refuses the operator', async () => {
    const key_ = { headers: { 'x-api-key': operator.apiKey } };
    expect(await refusalOf(client.getHead({}, key_))).toMatchObject({
      code: Code.PermissionDenied,
      reason: ErrorReason.SCOPE_MISSING,
    });
  });
});

it('replays a change of an account as at first, but for its personal fields', async () => {
  const client = createClient(LedgerService, ledger.createTransport());
  const opening = { customerId: 'replay', displayName: 'A', email: 'a@example.com' };
  const creation = { ...opening, initialBalance: '5', idempotencyKey: 'replay 1' };
  const created = await client.createAccount(creation, options);
  const account = byId(created.account?.id);
  const change = { account, displayName: 'B', idempotencyKey: 'replay 2' };
  const updated = await client.updateAccount(change, options);
  await client.credit({ account, amount: '1', ...termsOf('replay 3') }, options);
  const last = { account, displayName: 'C', email: '', metadata: { d: 1 } };
  await client.updateAccount(last, options);
  const told = { displayName: 'C', metadata: { d: 1 } };
  const again = await client.createAccount(creation, options);
  expect(again.account).toEqual({ ...created.account, ...told, email: undefined });
  expect((await client.updateAccount(change, options)).account).toMatchObject({
    ...told,
    balance: '5',
    sequence: updated.sequence,
  });
});

it('takes 64 debits at once, and only what is there', async () => {
  const client = createClient(LedgerService, createGrpcTransport({ baseUrl }));
  const opening = { customerId: 'crowd', initialBalance: '50' };
  const { account } = await client.createAccount(opening, options);
  const results = await Promise.all(
    Array.from({ length: 64 }, (_, i) =>
      client
        .debit({ account: byId(account?.id), amount: '1', ...termsOf(`crowd ${i}`) }, options)
        .then(
          () => 'done',
          (error: unknown) => (error as ConnectError).code,
        ),
    ),
  );
  expect(results.filter((each) => each === 'done')).toHaveLength(50);
  expect(results.filter((each) => each === Code.FailedPrecondition)).toHaveLength(14);
});

it('answers balances that are read at once each by itself', async () => {
  const client = createClient(LedgerService, createGrpcTransport({ baseUrl }));
  const opening = { customerId: 'readers', initialBalance: '5' };
  const { account, sequence } = await client.createAccount(opening, options);
  const id = byId(account?.id);
  const later = { account: id, minSequence: sequence + 1n };
  const each = async (read: () => Promise<{ readonly balance?: unknown }>) => {
    const results = await Promise.allSettled(Array.from({ length: 30 }, read));
    return results.map((result) =>
      result.status === 'fulfilled'
        ? (result.value.balance as { readonly balance: string }).balance
        : (result.reason as ConnectError).code,
    );
  };
  const all = (outcome: unknown) => Array.from({ length: 30 }, () => outcome);
  const gone = new AbortController();
  const plain = each(() => client.getBalance({ account: id }, options));
  const waiting = each(() => client.getBalance(later, options));
  const leaving = each(() => client.getBalance(later, { ...options, signal: gone.signal }));
  const unknown = each(() => client.getBalance({ account: byId('cca_00000000000') }, options));
  expect(await plain).toEqual(all('5'));
  gone.abort();
  expect(await leaving).toEqual(all(Code.Canceled));
  expect(await unknown).toEqual(all(Code.NotFound));
  await client.credit({ account: id, amount: '1', ...termsOf('readers') }, options);
  expect(await waiting).toEqual(all('6'));
});

it('refuses a revoked key within a second', async () => {
  const client = createClient(LedgerService, ledger.createTransport());
  const extra = createApiKey({ mode: 'test', secret: new Uint8Array(32).fill(7) });
  const { apiKey, prefix, digest } = extra;
  await database.apiKeys.add({
    id: 'key_x',
    storeId,
    mode: 'test',
    scopes,
    name: 'x',
    prefix,
    digest,
  });
  const call = () => client.getHead({}, { headers: { 'x-api-key': apiKey } });
  await call();
  await database.apiKeys.revoke('key_x');
  const isRefused = () =>
    call().then(
      () => false,
      () => true,
    );
  await expectWithin(1_000, isRefused);
  expect(await isRefused()).toBe(true);
});

it('is ready', async () => {
  expect(await ledger.ready()).toBe(true);
});
