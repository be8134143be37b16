// The feed on a real PostgreSQL, with two servers on one database: whole to keys, redacted to
// tokens, and nothing lost or told twice between streams.
import type { CallOptions } from '@connectrpc/connect';
import {
  EntrySide,
  ErrorReason,
  EventKind,
  type FeedPosition,
  type WatchBalancesResponse,
  type WatchHistoryRequestSchema,
  type WatchHistoryResponse,
} from '@scrip/contract';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { assert } from '@scrip/kernel';
import { createTestDatabase, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openLedgers,
  refusalOf,
  withKey,
  type Clients,
  type LedgersOnPostgres,
} from './compose-for-tests.ts';

let testDatabase: TestDatabase;
let ledgers: LedgersOnPostgres;
let keyCount = 0;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  ledgers = await openLedgers(testDatabase.connection);
});

afterAll(async () => {
  await ledgers.close();
  await testDatabase.drop();
});

type HistoryRequest = MessageInitShape<typeof WatchHistoryRequestSchema>;
type Message = WatchHistoryResponse['message'];
type Told = Extract<Message, { case: 'events' }>['value']['events'][number];

const byId = (id: string) => ({ ref: { case: 'id' as const, value: id } });
const asBearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const after = (position: FeedPosition) => ({ case: 'after' as const, value: position });
const beginning = { case: 'beginning', value: {} } as const;

async function open(customerId: string, initialBalance = '100'): Promise<string> {
  const request = {
    customerId,
    name: `n${++keyCount}`,
    initialBalance,
    externalId: `x${keyCount}`,
  };
  const { account } = await ledgers.here.ledger.createAccount(request, ledgers.asTest);
  return account?.id ?? '';
}

async function credit(id: string, clients: Clients = ledgers.here): Promise<bigint> {
  const key = { reference: 'secret reference', idempotencyKey: `k${++keyCount}` };
  const { sequence } = await clients.ledger.credit(
    { account: byId(id), amount: '1', metadata: { secret: 'note' }, ...key },
    ledgers.asTest,
  );
  return sequence;
}

async function transfer(from: string, to: string): Promise<void> {
  const entries = [
    { account: byId(from), side: EntrySide.DEBIT, amount: '1' },
    { account: byId(to), side: EntrySide.CREDIT, amount: '1' },
  ];
  const key = { reference: 'secret reference', idempotencyKey: `k${++keyCount}` };
  await ledgers.here.ledger.postTransaction({ entries, ...key }, ledgers.asTest);
}

async function mint(whose: object, ttlSeconds = 60): Promise<CallOptions> {
  const request = { ...whose, ttlSeconds };
  const { accessToken } = await ledgers.here.admin.mintAccessToken(request, ledgers.asTest);
  return asBearer(accessToken);
}

/** A stream, read message by message; what was read is kept. */
function watch(request: HistoryRequest, options: CallOptions = ledgers.asTest, at?: Clients) {
  const leave = new AbortController();
  const { ledger } = at ?? ledgers.here;
  const messages = ledger.watchHistory(request, { ...options, signal: leave.signal });
  const reading = messages[Symbol.asyncIterator]();
  const events: Told[] = [];
  const positions: FeedPosition[] = [];
  const next = async (): Promise<Message> => {
    const { message } = valueOf(await reading.next());
    assert(message.case !== undefined, 'a message says which it is');
    if (message.value.position !== undefined) positions.push(message.value.position);
    if (message.case === 'events') events.push(...message.value.events);
    return message;
  };
  return {
    next,
    events,
    last: () => {
      const position = positions.at(-1);
      assert(position !== undefined, 'a position was told');
      return position;
    },
    until: async (isThere: (message: Message) => boolean): Promise<Message> => {
      for (;;) {
        const message = await next();
        if (isThere(message)) return message;
      }
    },
    leave: () => leave.abort(),
  };
}

const isCaughtUp = ({ case: kind }: Message) => kind === 'caughtUp';
const isHeartbeat = ({ case: kind }: Message) => kind === 'heartbeat';

describe('a stream of an API key', () => {
  it('tells the whole book from its beginning, and goes on live', async () => {
    const id = await open('whole');
    const stream = watch({ start: beginning });
    await stream.until(isCaughtUp);
    const head = await ledgers.here.ledger.getHead({}, ledgers.asTest);
    expect(stream.events.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: Number(head.sequence) }, (_, index) => BigInt(index + 1)),
    );
    const sequence = await credit(id);
    await stream.until(() => stream.last().sequence >= sequence);
    expect(stream.events.at(-1)).toMatchObject({
      sequence,
      change: { value: { transaction: { reference: 'secret reference', metadata: {} } } },
    });
    stream.leave();
  });

  it('tells on one server what was written on the other', async () => {
    const id = await open('across');
    const stream = watch({ accounts: [byId(id)] }, ledgers.asTest, ledgers.there);
    await stream.until(isHeartbeat);
    const sequence = await credit(id);
    await stream.until(() => stream.events.length > 0);
    expect(stream.events.map((event) => event.sequence)).toEqual([sequence]);
    stream.leave();
  });

  it('goes on behind a position on another server, nothing lost and nothing twice', async () => {
    const id = await open('resumed');
    const first = watch({ accounts: [byId(id)], start: beginning });
    await first.until(isCaughtUp);
    first.leave();
    const sequences = [await credit(id), await credit(id, ledgers.there), await credit(id)];
    const start = after(first.last());
    const second = watch({ accounts: [byId(id)], start }, ledgers.asTest, ledgers.there);
    await second.until(isCaughtUp);
    expect(second.events.map(({ sequence }) => sequence)).toEqual(sequences);
    second.leave();
  });

  it('keeps the kinds and the customer that were asked for', async () => {
    const id = await open('kinds');
    await credit(id);
    const kinds = [EventKind.TRANSACTION_POSTED];
    const stream = watch({ customerId: 'kinds', kinds, start: beginning });
    await stream.until(isCaughtUp);
    expect(stream.events.map(({ change }) => change.case)).toEqual(['transactionPosted']);
    stream.leave();
  });

  it('is refused behind a position that was never there', async () => {
    const { sequence } = await ledgers.here.ledger.getHead({}, ledgers.asTest);
    const chainHash = new Uint8Array(32).fill(1);
    const start = {
      case: 'after',
      value: { sequence, sealedSequence: sequence, chainHash },
    } as const;
    const refusal = await refusalOf(watch({ start }).next());
    expect(refusal.reason).toBe(ErrorReason.HISTORY_DIVERGED);
    expect(refusal.metadata).toHaveProperty('head_sequence');
  });

  it.each([
    ['an account that is not there', ErrorReason.ACCOUNT_NOT_FOUND, { accounts: [byId('cca_x')] }],
    ['a cursor', ErrorReason.FIELD_INVALID, { start: after({ cursor: 'x' } as FeedPosition) }],
  ])('is refused for %s', async (_what, reason, request) => {
    expect(await refusalOf(watch(request).next())).toMatchObject({ reason });
  });

  it('ends soon after its key is revoked on another server', async () => {
    const { admin } = ledgers.there;
    const made = await admin.createApiKey({ name: 'n', scopes: ['ledger:read'] }, ledgers.asTest);
    const stream = watch({}, withKey(made.apiKey));
    await stream.until(isHeartbeat);
    const end = refusalOf(stream.until(() => false));
    const revokedAt = performance.now();
    await admin.revokeApiKey({ apiKeyId: made.key?.id ?? '' }, ledgers.asTest);
    expect(await end).toMatchObject({ reason: ErrorReason.KEY_UNKNOWN });
    expect(performance.now() - revokedAt).toBeLessThan(10_000);
  });
});

describe('a stream of an access token', () => {
  it('tells events of its customer alone, one a message, and nothing of the rest', async () => {
    const mine = await open('ada');
    const theirs = await open('bob');
    await transfer(theirs, mine);
    await credit(theirs);
    const stream = watch({ start: beginning }, await mint({ customerId: 'ada' }));
    await stream.until(isCaughtUp);
    const later = await open('ada');
    await transfer(later, theirs);
    await stream.until(() => stream.events.length === 4);
    stream.leave();
    const ids = stream.events.map(({ change }) =>
      change.case === 'transactionPosted'
        ? change.value.transaction?.entries.map(({ accountId }) => accountId)
        : [change.value && 'account' in change.value && change.value.account?.id],
    );
    expect(ids).toEqual([[mine], [mine], [later], [later]]);
    expect(stream.events.filter(({ sequence }) => sequence > 0n)).toEqual([]);
    expect(JSON.stringify(stream.events, plain)).not.toMatch(/secret|"x\d+"/);
  });

  it('has cursors for positions, each time others, and goes on behind one', async () => {
    const mine = await open('cursors');
    const token = await mint({ accounts: [byId(mine)] });
    const first = watch({ start: beginning }, token);
    await first.until(isCaughtUp);
    first.leave();
    expect(first.last()).toMatchObject({ sequence: 0n, sealedSequence: 0n });
    expect(first.last().chainHash).toHaveLength(0);
    await credit(mine);
    await credit(mine);
    const start = after(first.last());
    const second = watch({ start }, token, ledgers.there);
    await second.until(isCaughtUp);
    second.leave();
    expect(second.events).toHaveLength(2);
    expect(second.last().cursor).not.toBe(first.last().cursor);
  });

  it.each(['accounts', 'customer'] as const)('is refused accounts of others, by %s', async (by) => {
    const mine = await open('own');
    const theirs = await open('other');
    const token = await mint(
      by === 'accounts' ? { accounts: [byId(mine)] } : { customerId: 'own' },
    );
    for (const other of [theirs, 'cca_00000000009']) {
      expect(await refusalOf(watch({ accounts: [byId(mine), byId(other)] }, token).next())).toEqual(
        {
          reason: ErrorReason.ACCOUNT_NOT_FOUND,
          metadata: { account: other },
        },
      );
    }
  });

  it('of another customer has nothing to tell, as of one who is not there', async () => {
    await open('silent');
    const token = await mint({ customerId: 'nobody' });
    for (const customerId of ['silent', 'not there']) {
      const stream = watch({ customerId, start: beginning }, token);
      await stream.until(isCaughtUp);
      expect(stream.events).toEqual([]);
      stream.leave();
    }
  });

  it.each<[string, ErrorReason, HistoryRequest['start']]>([
    ['a sequence', ErrorReason.FIELD_INVALID, { case: 'fromSequence', value: 1n }],
    ['a position of a key', ErrorReason.FIELD_INVALID, { case: 'after', value: { sequence: 1n } }],
    ['a made-up cursor', ErrorReason.CURSOR_INVALID, { case: 'after', value: { cursor: 'abc' } }],
  ])('is refused with %s', async (_what, reason, start) => {
    const token = await mint({ customerId: 'ada' });
    const refusal = await refusalOf(watch({ start } as HistoryRequest, token).next());
    expect(refusal.reason).toBe(reason);
    expect(refusal.metadata).not.toHaveProperty('sequence');
  });

  it('takes no cursor of another book', async () => {
    const inProd = await ledgers.here.admin.mintAccessToken({ customerId: 'c' }, ledgers.asProd);
    const other = watch({}, asBearer(inProd.accessToken));
    await other.next();
    other.leave();
    const stream = watch({ start: after(other.last()) }, await mint({ customerId: 'ada' }));
    const { reason } = await refusalOf(stream.next());
    expect(reason).toBe(ErrorReason.CURSOR_INVALID);
  });

  it('ends when its token expires', async () => {
    const stream = watch({}, await mint({ customerId: 'ada' }, 2));
    await stream.until(isHeartbeat);
    const { reason } = await refusalOf(stream.until(() => false));
    expect(reason).toBe(ErrorReason.TOKEN_EXPIRED);
  });
});

describe('a stream of balances', () => {
  it('tells the balances of one moment, then each change', async () => {
    const id = await open('balances', '7');
    const stream = watchBalances({ customerId: 'balances' }, ledgers.asTest);
    expect(await stream.until('snapshotEnd')).toMatchObject([
      { case: 'balance', value: { accountId: id, balance: '7' } },
      { case: 'snapshotEnd' },
    ]);
    const sequence = await credit(id, ledgers.there);
    const told = await stream.until('balance');
    expect(told.at(-1)).toMatchObject({ value: { accountId: id, balance: '8', sequence } });
    stream.leave();
  });

  it('goes over to a stream of events without a gap', async () => {
    const id = await open('handed over', '7');
    const stream = watchBalances({ accounts: [byId(id)] }, ledgers.asTest);
    const end = (await stream.until('snapshotEnd')).at(-1);
    stream.leave();
    const sequence = await credit(id);
    assert(end?.case === 'snapshotEnd' && end.value.position !== undefined, 'it has a position');
    const start = after(end.value.position);
    const events = watch({ accounts: [byId(id)], start });
    await events.until(isCaughtUp);
    expect(events.events.map((event) => event.sequence)).toEqual([sequence]);
    events.leave();
  });

  it('tells an access token all of its accounts, without sequences', async () => {
    const id = await open('teller', '7');
    const stream = watchBalances({}, await mint({ customerId: 'teller' }));
    const [balance, end] = await stream.until('snapshotEnd');
    expect(balance).toMatchObject({ value: { accountId: id, balance: '7', sequence: 0n } });
    expect(end).toMatchObject({ value: { position: { sequence: 0n } } });
    stream.leave();
  });

  it.each([
    ['a customer', 'alone', () => ({ customerId: 'alone' })],
    ['accounts', 'alone too', (id: string) => ({ accounts: [byId(id)] })],
  ] as const)('tells a token of %s nothing of another customer', async (_of, own, whose) => {
    const token = await mint(whose(await open(own)));
    await open('somebody else');
    for (const customerId of ['somebody else', 'not there']) {
      const stream = watchBalances({ customerId }, token);
      expect(await stream.until('snapshotEnd')).toMatchObject([{ case: 'snapshotEnd' }]);
      expect(await stream.next()).toMatchObject({ case: 'heartbeat' });
      stream.leave();
      const events = watch({ customerId, start: beginning }, token);
      await events.until(isCaughtUp);
      expect(events.events).toEqual([]);
      events.leave();
    }
  });

  it('is refused when an API key names nobody', async () => {
    const { ledger } = ledgers.here;
    const stream = ledger.watchBalances({}, ledgers.asTest)[Symbol.asyncIterator]();
    expect(await refusalOf(stream.next())).toEqual({
      reason: ErrorReason.FIELD_INVALID,
      metadata: { field: 'accounts' },
    });
  });
});

type BalanceMessage = WatchBalancesResponse['message'];

function watchBalances(
  request: { customerId?: string; accounts?: ReturnType<typeof byId>[] },
  options: CallOptions,
) {
  const leave = new AbortController();
  const messages = ledgers.here.ledger.watchBalances(request, { ...options, signal: leave.signal });
  const reading = messages[Symbol.asyncIterator]();
  return {
    next: async () => valueOf(await reading.next()).message,
    until: async (kind: BalanceMessage['case']): Promise<readonly BalanceMessage[]> => {
      const told: BalanceMessage[] = [];
      for (;;) {
        const { message } = valueOf(await reading.next());
        if (message.case === 'heartbeat') continue;
        told.push(message);
        if (message.case === kind) return told;
      }
    },
    leave: () => leave.abort(),
  };
}

function valueOf<Value>(read: IteratorResult<Value, unknown>): Value {
  assert(read.done !== true, 'the stream goes on');
  return read.value;
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
