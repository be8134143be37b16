// Access tokens on a real PostgreSQL, with two servers on one database: what the token of one
// customer sees of another, which must be nothing.
import { createClient, type CallOptions, type ConnectError } from '@connectrpc/connect';
import { eventCodec } from '@scrip/codec';
import {
  AdminService,
  ErrorDetailSchema,
  ErrorReason,
  LedgerService,
  type Account,
  type Entry,
} from '@scrip/contract';
import { openDatabase, type Database } from '@scrip/persistence';
import { createTestDatabase, expectWithin, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openLedgers,
  refusalOf,
  withKey,
  type KeyOptions,
  type LedgersOnPostgres,
} from './compose-for-tests.ts';
import { isForViewers } from './auth/needed-scopes.ts';

let testDatabase: TestDatabase;
let database: Database;
let ledgers: LedgersOnPostgres;

type Ref = ReturnType<typeof byId> | ReturnType<typeof byExternalId>;
type Whose = { readonly customerId: string } | { readonly accounts: Ref[] };

const byId = (id: string) => ({ ref: { case: 'id' as const, value: id } });
const byExternalId = (id: string) => ({ ref: { case: 'externalId' as const, value: id } });
const asBearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** Accounts: two of ada's, in two units, and one of bob's; each with entries. */
const made = new Map<string, Account>();
const idOf = (name: string): string => made.get(name)?.id ?? '';
const entriesOf = async (name: string): Promise<readonly Entry[]> =>
  (await ledgers.here.ledger.listEntries({ account: byId(idOf(name)) }, ledgers.asTest)).entries;

async function mint(whose: Whose, options: KeyOptions = ledgers.asTest, ttlSeconds = 0) {
  const request = { ...whose, ttlSeconds };
  const { accessToken } = await ledgers.here.admin.mintAccessToken(request, options);
  return asBearer(accessToken);
}

async function open(name: string, customerId: string, unitLabel: string): Promise<void> {
  const { ledger } = ledgers.here;
  const request = {
    customerId,
    name,
    unitLabel,
    externalId: `x-${name}`,
    displayName: `of ${name}`,
    email: `${name}@a.example`,
    metadata: { secret: name },
    initialBalance: '50',
  };
  const { account } = await ledger.createAccount(request, ledgers.asTest);
  if (account === undefined) return expect.unreachable('an account was created');
  made.set(name, account);
  for (const amount of ['1', '2', '3']) {
    const post = { account: byId(account.id), amount, reference: `order of ${name}` };
    await ledger.credit({ ...post, idempotencyKey: `${name} ${amount}` }, ledgers.asTest);
  }
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { connection } = testDatabase;
  ledgers = await openLedgers(connection);
  database = await openDatabase({ connection, codec: eventCodec, allowUnsafe: true });
  await open('main', 'ada', 'credits');
  await open('strange', 'bob', 'credits');
  await open('gold', 'ada', 'gold');
});

afterAll(async () => {
  await database.close();
  await ledgers.close();
  await testDatabase.drop();
});

/** All that an error tells, with what was asked for taken out of it. */
async function toldBy(call: Promise<unknown>, ...asked: readonly string[]): Promise<unknown> {
  const error = (await call.then(
    (answer) => ({ answer }),
    (thrown: unknown) => thrown,
  )) as ConnectError;
  if (!('rawMessage' in error)) return error;
  const { code, rawMessage, details } = error;
  const [detail] = error.findDetails(ErrorDetailSchema);
  const { reason, metadata } = detail ?? {};
  const headers = [...error.metadata.keys()].toSorted();
  const told = { code, rawMessage, reason, metadata, headers, detailCount: details.length };
  return JSON.parse(
    asked.reduce(
      (text, each) => text.replaceAll(JSON.stringify(each), '"asked"'),
      JSON.stringify(told),
    ),
  );
}

type Probe = (ref: Ref, options: CallOptions) => Promise<unknown>;

const probesByName: Record<string, Probe> = {
  GetAccount: (account, o) => ledgers.here.ledger.getAccount({ account }, o),
  GetBalance: (account, o) => ledgers.here.ledger.getBalance({ account }, o),
  'GetBalance at an instant': (account, o) => {
    const point = { case: 'at' as const, value: { seconds: 4_000_000_000n } };
    return ledgers.here.ledger.getBalance({ account, point }, o);
  },
  BatchGetBalances: (account, o) => {
    const accounts = [byId(idOf('main')), account];
    return ledgers.here.ledger.batchGetBalances({ accounts }, o);
  },
  'BatchGetBalances before an unknown one': (account, o) => {
    const accounts = [byId(idOf('main')), account, byExternalId('x-nobody-else')];
    return ledgers.here.ledger.batchGetBalances({ accounts }, o);
  },
  ListEntries: (account, o) => ledgers.here.ledger.listEntries({ account }, o),
  'ListEntries from a cursor': (account, o) => {
    const cursor = { case: 'startingAfter' as const, value: 'cce_00000000000' };
    return ledgers.here.ledger.listEntries({ account, cursor }, o);
  },
};

describe.each([
  ['a customer', () => ({ customerId: 'ada' })],
  ['a list', () => ({ accounts: [byId(idOf('main')), byExternalId('x-gold')] })],
])('the token of %s', (_what, whose) => {
  it('reads its own accounts by id and by external id', async () => {
    const options = await mint(whose());
    for (const account of [byId(idOf('main')), byExternalId('x-main')]) {
      const answer = await ledgers.there.ledger.getAccount({ account }, options);
      expect(answer.account).toMatchObject({ id: idOf('main'), balance: '56' });
      const { balance } = await ledgers.there.ledger.getBalance({ account }, options);
      expect(balance).toMatchObject({ accountId: idOf('main'), balance: '56' });
      const { entries } = await ledgers.there.ledger.listEntries({ account }, options);
      expect(entries.map(({ amount }) => amount)).toEqual(['3', '2', '1', '50']);
    }
    const accounts = [byId(idOf('gold')), byExternalId('x-main'), byId(idOf('gold'))];
    const { balances } = await ledgers.there.ledger.batchGetBalances({ accounts }, options);
    expect(balances.map(({ accountId }) => accountId)).toEqual(['gold', 'main', 'gold'].map(idOf));
  });

  it.each(Object.entries(probesByName))('is told of others as of nobody: %s', async (_, probe) => {
    const options = await mint(whose());
    const nobody = 'cca_00000000000';
    const ofNobody = await toldBy(probe(byId(nobody), options), nobody);
    expect(ofNobody).toMatchObject({ reason: ErrorReason.ACCOUNT_NOT_FOUND });
    const strange = idOf('strange');
    expect(await toldBy(probe(byId(strange), options), strange)).toEqual(ofNobody);
    const ofNoName = await toldBy(probe(byExternalId('x-nobody'), options), 'x-nobody');
    const ofName = await toldBy(probe(byExternalId('x-strange'), options), 'x-strange');
    expect(ofName).toEqual(ofNoName);
    expect(ofNobody).not.toHaveProperty('metadata.sequence');
  });

  it('does not take things of others for cursors', async () => {
    const options = await mint(whose());
    const { ledger } = ledgers.here;
    const [entry] = await entriesOf('strange');
    for (const direction of ['startingAfter', 'endingBefore'] as const) {
      for (const filter of [{}, { customerId: 'ada' }, { customerId: 'bob' }, { skip: 1 }]) {
        const list = (value: string) =>
          toldBy(ledger.listAccounts({ ...filter, cursor: { case: direction, value } }, options));
        const unknown = await list('cca_00000000000');
        expect(unknown).toMatchObject({ reason: ErrorReason.CURSOR_INVALID });
        expect(await list(idOf('strange'))).toEqual(unknown);
        expect(await list('')).toEqual(unknown);
      }
      const account = byId(idOf('main'));
      const list = (value: string) =>
        toldBy(ledger.listEntries({ account, cursor: { case: direction, value } }, options));
      const unknown = await list('cce_00000000000');
      expect(unknown).toMatchObject({ reason: ErrorReason.CURSOR_INVALID });
      expect(await list(entry?.id ?? '')).toEqual(unknown);
    }
  });

  it('lists and counts its own accounts, as the API key lists those of the customer', async () => {
    const options = await mint(whose());
    const { ledger } = ledgers.here;
    const cursors = ['startingAfter', 'endingBefore'].flatMap((direction) =>
      ['main', 'gold'].map((name) => ({ cursor: { case: direction, value: idOf(name) } })),
    );
    const pages = [{}, { pageSize: 1 }, { skip: 1 }, { skip: 9 }, ...cursors];
    const filters = [{}, { name: 'GOLD' }, { name: 'strange' }, { status: 2 }, { status: 1 }];
    for (const page of pages) {
      for (const filter of filters) {
        const request = { ...page, ...filter, customerId: 'ada', countTotal: true } as object;
        const whole = await ledger.listAccounts(request, ledgers.asTest);
        const expected = {
          accounts: whole.accounts.map(({ id }) => id),
          hasMore: whole.hasMore,
          totalSize: whole.totalSize,
        };
        for (const asked of [request, { ...request, customerId: undefined }]) {
          const { accounts, hasMore, totalSize } = await ledger.listAccounts(asked, options);
          const own = { accounts: accounts.map(({ id }) => id), hasMore, totalSize };
          expect(own).toEqual(expected);
        }
      }
    }
  });

  it('lists nothing of another customer, whether they have accounts or not', async () => {
    const options = await mint(whose());
    for (const customerId of ['bob', 'nobody']) {
      const request = { customerId, countTotal: true };
      const answer = await ledgers.here.ledger.listAccounts(request, options);
      expect(answer).toMatchObject({ accounts: [], hasMore: false, totalSize: 0n });
    }
  });

  it('is shown no sequence, and of its accounts no external id, email and metadata', async () => {
    const options = await mint(whose());
    const { ledger } = ledgers.here;
    const account = byId(idOf('main'));
    const answers = [
      await ledger.getAccount({ account }, options),
      await ledger.listAccounts({ countTotal: true }, options),
      await ledger.getBalance({ account }, options),
      await ledger.batchGetBalances({ accounts: [account] }, options),
      await ledger.listEntries({ account }, options),
    ];
    const fields: [string, unknown][] = [];
    const text = JSON.stringify(answers, (key, value: unknown) => {
      fields.push([key, value]);
      return typeof value === 'bigint' ? String(value) : value;
    });
    const sequences = fields.filter(([key]) => key === 'sequence');
    expect(new Set(sequences.map(([, value]) => value))).toEqual(new Set([0n]));
    const hidden = fields.filter(([key]) => ['externalId', 'email', 'metadata'].includes(key));
    expect(hidden).toEqual([]);
    expect(text).toContain('of main');
    expect(text).not.toMatch(/x-main|a\.example|secret|order of|strange/);
  });

  it.each([
    ['min_sequence', 0],
    ['min_sequence', 1_000_000],
    ['at_sequence', 1],
    ['at_sequence', 1_000_000],
  ] as const)('names no sequence: %s as %i', async (field, sequence) => {
    const value = BigInt(sequence);
    const asked =
      field === 'min_sequence'
        ? { minSequence: value }
        : { point: { case: 'atSequence' as const, value } };
    const request = { account: byId(idOf('main')), ...asked };
    const call = ledgers.here.ledger.getBalance(request, await mint(whose()));
    expect(await refusalOf(call)).toEqual({
      reason: ErrorReason.FIELD_INVALID,
      metadata: { field },
    });
  });
});

describe('an access token', () => {
  it('sees accounts that its customer gets later', async () => {
    const options = await mint({ customerId: 'carol' });
    const count = async () =>
      (await ledgers.there.ledger.listAccounts({ countTotal: true }, options)).totalSize;
    expect(await count()).toBe(0n);
    await ledgers.here.ledger.createAccount({ customerId: 'carol' }, ledgers.asTest);
    expect(await count()).toBe(1n);
  });

  it('may call nothing else', async () => {
    const options = await mint({ customerId: 'ada' });
    const forbidden = [...LedgerService.methods, ...AdminService.methods].filter(
      (method) => !isForViewers(method),
    );
    expect(forbidden).toHaveLength(36);
    for (const { parent, localName } of forbidden) {
      const client = createClient(parent, ledgers.transport) as Record<
        string,
        (request: object, options: CallOptions) => Promise<unknown>
      >;
      const refusal = await refusalOf(client[localName]?.({}, options) ?? Promise.resolve());
      expect([localName, refusal.reason]).toEqual([localName, ErrorReason.SCOPE_MISSING]);
      expect(refusal.metadata).toHaveProperty('scope');
    }
  });

  it('has no effect in another book', async () => {
    const { ledger } = ledgers.here;
    const options = await mint({ customerId: 'ada' }, ledgers.asProd);
    const answer = await ledger.listAccounts({ countTotal: true }, options);
    expect(answer).toMatchObject({ accounts: [], totalSize: 0n });
    const call = ledger.getAccount({ account: byId(idOf('main')) }, options);
    expect(await refusalOf(call)).toMatchObject({ reason: ErrorReason.ACCOUNT_NOT_FOUND });
    const minted = mint({ accounts: [byId(idOf('main'))] }, ledgers.asProd);
    expect(await refusalOf(minted)).toMatchObject({ reason: ErrorReason.ACCOUNT_NOT_FOUND });
  });

  it('is refused at its instant: TOKEN_EXPIRED', async () => {
    const options = await mint({ customerId: 'ada' }, ledgers.asTest, 4);
    const reason = async () =>
      (await refusalOf(ledgers.there.ledger.listAccounts({}, options))).reason;
    expect(await reason()).toBeUndefined();
    await expect.poll(reason).toBe(ErrorReason.TOKEN_EXPIRED);
  });

  it('ends with the API key that minted it, on every server, within a second', async () => {
    const { key, apiKey } = await ledgers.here.admin.createApiKey(
      { name: 'short', scopes: ['ledger:read'] },
      ledgers.asTest,
    );
    const options = await mint({ customerId: 'ada' }, withKey(apiKey));
    await ledgers.there.ledger.listAccounts({}, options);
    await ledgers.here.admin.revokeApiKey({ apiKeyId: key?.id ?? '' }, ledgers.asTest);
    const reason = async () =>
      (await refusalOf(ledgers.there.ledger.listAccounts({}, options))).reason;
    await expectWithin(1_000, async () => (await reason()) !== undefined);
    expect(await reason()).toBe(ErrorReason.KEY_UNKNOWN);
  });

  it('goes on while signing keys are renewed, and new ones are signed by the newest', async () => {
    const first = await mint({ customerId: 'ada' });
    const kids = new Set<string>();
    const tokens = [first];
    for (let round = 0; round < 3; round++) {
      const { id } = await database.signingKeys.rotate();
      await expectWithin(1_000, async () => {
        const token = await mint({ customerId: 'ada' });
        tokens.push(token);
        const [header = ''] = token.headers.authorization.slice('Bearer '.length).split('.');
        const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as {
          kid: string;
        };
        kids.add(kid);
        for (const each of [first, token]) await ledgers.there.ledger.listAccounts({}, each);
        return kid === id;
      });
    }
    expect(kids.size).toBeGreaterThanOrEqual(3);
    for (const each of tokens) await ledgers.there.ledger.listAccounts({}, each);
  });
});

describe('minting', () => {
  it.each([
    ['customer_id', {}],
    ['accounts', { customerId: 'ada', accounts: [byId('cca_00000000000')] }],
    ['ttl_seconds', { customerId: 'ada', ttlSeconds: 3601 }],
    ['customer_id', { customerId: '' }],
  ])('is refused for its %s: %j', async (field, request) => {
    const call = ledgers.here.admin.mintAccessToken(request, ledgers.asTest);
    expect(await refusalOf(call)).toEqual({
      reason: ErrorReason.FIELD_INVALID,
      metadata: { field },
    });
  });

  it('is for a quarter of an hour unless it says so, and ends on a whole second', async () => {
    const startMs = Date.now();
    const request = { customerId: 'ada' };
    const { expiresAt } = await ledgers.here.admin.mintAccessToken(request, ledgers.asTest);
    expect(expiresAt?.nanos).toBe(0);
    const ttlMs = Number(expiresAt?.seconds) * 1000 - startMs;
    expect(ttlMs).toBeGreaterThan(898_000);
    expect(ttlMs).toBeLessThan(910_000);
  });

  it('refuses accounts that are not there, and needs the scope ledger:read', async () => {
    const unknown = mint({ accounts: [byId(idOf('main')), byId('cca_00000000000')] });
    expect(await refusalOf(unknown)).toMatchObject({
      reason: ErrorReason.ACCOUNT_NOT_FOUND,
      metadata: { account: 'cca_00000000000' },
    });
    const { apiKey } = await ledgers.here.admin.createApiKey(
      { name: 'writer', scopes: ['ledger:write', 'admin'] },
      ledgers.asTest,
    );
    expect(await refusalOf(mint({ customerId: 'ada' }, withKey(apiKey)))).toEqual({
      reason: ErrorReason.SCOPE_MISSING,
      metadata: { scope: 'ledger:read' },
    });
    const minted = mint({ customerId: 'ada' }, ledgers.asOperator);
    expect(await refusalOf(minted)).toMatchObject({ reason: ErrorReason.SCOPE_MISSING });
  });
});
