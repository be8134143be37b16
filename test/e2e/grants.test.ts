// Five grants and a pool through a debit, a hold across two expiries, captures, a reversal and a
// void: each step is explained as it was worked out by hand.

import { timestampMs } from '@bufbuild/protobuf/wkt';
import {
  GrantCategory,
  GrantStatus,
  TransactionKind,
  type Event,
  type ExplainBalanceResponse,
  type Grant,
} from '@scrip/contract';
import { createScripClient } from '@scrip/client/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  byName,
  instantOf,
  moveClockTo,
  named,
  recordAccount,
  startTermsWorld,
  there,
  type AccountRecord,
  type TermsServer,
  type TermsWorld,
} from './terms-world.ts';

const hour = 3_600_000;
const { PAID, PROMOTIONAL } = GrantCategory;

let world: TermsWorld;
let server: TermsServer;

beforeAll(async () => {
  world = await startTermsWorld();
  [server] = world.servers;
});

afterAll(() => world?.stop());

describe('an account with a pool of 100 and five grants', () => {
  /** When the story begins, by the book's clock. */
  let start: number;
  let record: AccountRecord;
  let debitId = '';
  let debitEntryId = '';
  let holdId = '';
  const ids: Record<string, string> = {};
  /** What was explained after each step, by the sequence of its event. */
  const explained = new Map<bigint, ExplainBalanceResponse>();

  it('has a balance of 230, in the order in which it will be taken', async () => {
    start = await moveClockTo(server, 0);
    const opened = { customerId: 'ada', externalId: 'ada', initialBalance: '100' };
    await server.ledger.createAccount(opened);
    record = recordAccount(server.ledger, 'ada');
    ids['last'] = await grant('15', { priority: 90, category: PROMOTIONAL }, 30);
    ids['later'] = await grant('40', { category: PAID }, 20);
    ids['paid'] = await grant('25', { category: PAID }, 10);
    ids['gift'] = await grant('20', { category: PROMOTIONAL }, 10);
    ids['first'] = await grant('30', { priority: 10, category: PAID });
    expect(await explain()).toEqual({
      balance: '230',
      held: '0',
      available: '230',
      pool: '100',
      poolHeld: '0',
      grants: ['first 30/0', 'gift 20/0', 'paid 25/0', 'later 40/0', 'last 15/0'],
      holds: [],
    });
  });

  it('gives a debit of 40 from priority 10, then from the gift that expires first', async () => {
    const { transaction } = await server.ledger.debit({
      ...byName('ada'),
      amount: '40',
      ...named(),
    });
    debitId = transaction?.id ?? '';
    debitEntryId = transaction?.entries[0]?.id ?? '';
    expect(await explainEntry(debitEntryId)).toEqual(['first 30', 'gift 10']);
    await explainAt(transaction?.sequence);
    expect(await explain()).toEqual({
      balance: '190',
      held: '0',
      available: '190',
      pool: '100',
      poolHeld: '0',
      grants: ['gift 10/0', 'paid 25/0', 'later 40/0', 'last 15/0'],
      holds: [],
    });
  });

  it('keeps a hold of 60 from the gift, what was paid, and what expires later', async () => {
    const end = { case: 'ttl', value: { seconds: 86_400n } } as const;
    const request = { ...byName('ada'), amount: '60', end, ...named() };
    const { hold, sequence } = await server.ledger.createHold(request);
    holdId = hold?.id ?? '';
    await explainAt(sequence);
    expect(await explain()).toEqual({
      balance: '190',
      held: '60',
      available: '130',
      pool: '100',
      poolHeld: '0',
      grants: ['gift 10/10', 'paid 25/25', 'later 40/25', 'last 15/0'],
      holds: ['60: gift 10, paid 25, later 25'],
    });
  });

  it('loses nothing that is held when two grants expire', async () => {
    await moveClockTo(server, start + 11 * hour);
    expect(await explain()).toMatchObject({
      balance: '190',
      held: '60',
      grants: ['gift 10/10', 'paid 25/25', 'later 40/25', 'last 15/0'],
    });
    const { status, expired } = await grantOf('gift');
    expect({ status, expired }).toEqual({ status: GrantStatus.EXPIRED, expired: '0' });
  });

  it('loses 15 that are not held when a third one expires', async () => {
    await moveClockTo(server, start + 21 * hour);
    expect(await explain()).toEqual({
      balance: '175',
      held: '60',
      available: '115',
      pool: '100',
      poolHeld: '0',
      grants: ['gift 10/10', 'paid 25/25', 'later 25/25', 'last 15/0'],
      holds: ['60: gift 10, paid 25, later 25'],
    });
  });

  it('gives a capture of 12 from what the hold keeps, in its order', async () => {
    const { transaction } = await server.ledger.captureHold({
      holdId,
      amount: '12',
      more: true,
      ...named(),
    });
    expect(await explainEntry(transaction?.entries[0]?.id)).toEqual(['gift 10', 'paid 2']);
    await explainAt(transaction?.sequence);
    expect(await explain()).toMatchObject({
      balance: '163',
      held: '48',
      available: '115',
      grants: ['paid 23/23', 'later 25/25', 'last 15/0'],
      holds: ['48: paid 23, later 25'],
    });
  });

  it('lets expire what the final capture of 18 leaves', async () => {
    const { transaction } = await server.ledger.captureHold({ holdId, amount: '18', ...named() });
    expect(await explainEntry(transaction?.entries[0]?.id)).toEqual(['paid 18']);
    // 5 of what was paid and 25 of what expired later come back to nobody.
    expect(await explain()).toEqual({
      balance: '115',
      held: '0',
      available: '115',
      pool: '100',
      poolHeld: '0',
      grants: ['last 15/0'],
      holds: [],
    });
    expect([(await grantOf('paid')).expired, (await grantOf('later')).expired]).toEqual([
      '5',
      '40',
    ]);
  });

  it('gives back a reversed debit to its grants, where one has expired', async () => {
    const { transaction } = await server.ledger.reverseTransaction({ transactionId: debitId });
    expect(transaction?.entries[0]).toMatchObject({ amount: '40', balanceAfter: '155' });
    expect(await explainEntry(transaction?.entries[0]?.id)).toEqual(['first 30', 'gift 10']);
    expect(await explain()).toEqual({
      balance: '145',
      held: '0',
      available: '145',
      pool: '100',
      poolHeld: '0',
      grants: ['first 30/0', 'last 15/0'],
      holds: [],
    });
    expect(await grantOf('gift')).toMatchObject({ remaining: '0', expired: '10' });
  });

  it('loses the last grant to a void', async () => {
    const { transaction, sequence } = await server.ledger.voidGrant({ grantId: ids['last'] ?? '' });
    expect(transaction).toMatchObject({ kind: TransactionKind.VOID, entries: [{ amount: '15' }] });
    await explainAt(sequence);
    expect(await explain()).toMatchObject({
      balance: '130',
      pool: '100',
      grants: ['first 30/0'],
    });
  });

  it('has spent, lost and kept of each grant what adds up to it', async () => {
    const { grants } = await server.ledger.listGrants(byName('ada'));
    const sums = grants.map(({ id, amount, remaining, expired, voided }) => {
      return `${nameOf(id)} ${amount}: ${remaining} left, ${expired} expired, ${voided} voided`;
    });
    expect(sums).toEqual([
      'first 30: 30 left, 0 expired, 0 voided',
      'gift 20: 0 left, 10 expired, 0 voided',
      'paid 25: 0 left, 5 expired, 0 voided',
      'later 40: 0 left, 40 expired, 0 voided',
      'last 15: 0 left, 0 expired, 15 voided',
    ]);
  });

  it('is explained at every step as it was then', async () => {
    expect(explained.size).toBe(4);
    for (const [atSequence, then] of explained) {
      const now = await server.ledger.explainBalance({ ...byName('ada'), atSequence });
      expect(partsOf(now)).toEqual(partsOf(then));
    }
  });

  it('told its watchers all of it, with the instants at which time did its part', async () => {
    const expected = [
      'accountCreated',
      ...Array.from({ length: 5 }, () => 'transactionPosted'),
      'transactionPosted',
      'holdCreated',
      'grantExpired 10 h',
      'grantExpired 10 h',
      'grantExpired 20 h',
      'holdCaptured',
      'holdCaptured',
      'grantExpired',
      'grantExpired',
      'transactionPosted',
      'grantExpired',
      'grantVoided',
    ];
    await expect.poll(() => record.events.length).toBe(expected.length);
    expect(record.events.map(tellOf)).toEqual(
      expected.map((tell) => expect.stringMatching(new RegExp(`^${tell}( |$)`)) as string),
    );
    await expect.poll(() => record.balances.at(-1)?.balance).toBe('130');
    await record.end();
  });

  it('tells the bearer of a token the same, without a word of the caller’s', async () => {
    const { accessToken } = await server.admin.mintAccessToken({ customerId: 'ada' });
    const baseUrl = server.scrip.ledgerUrl;
    const bearer = createScripClient({ baseUrl, accessToken: () => accessToken });
    const own = recordAccount(bearer, 'ada');
    await expect.poll(() => own.events.length).toBe(record.events.length);
    expect(own.kinds()).toEqual(record.kinds());
    const plain = (_key: string, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value;
    expect(JSON.stringify(own.events, plain)).not.toMatch(/story|"source":"[^"]/);
    expect(own.events.every(({ sequence }) => sequence === 0n)).toBe(true);
    const [, first] = own.events;
    const posted = first?.change.case === 'transactionPosted' ? first.change.value : undefined;
    expect(posted?.grants).toMatchObject([{ amount: '15', priority: 90, sequence: 0n }]);
    await own.end();
  });

  async function grant(
    amount: string,
    terms: { readonly priority?: number; readonly category: GrantCategory },
    hours?: number,
  ): Promise<string> {
    const end = hours === undefined ? {} : { expiresAt: instantOf(start + hours * hour) };
    const grantTerms = { ...terms, source: 'story', ...end };
    const request = { ...byName('ada'), amount, grant: grantTerms, ...named() };
    const { grantId } = await server.ledger.credit(request);
    return there(grantId);
  }

  async function grantOf(name: string): Promise<Grant> {
    const { grant: found } = await server.ledger.getGrant({ grantId: ids[name] ?? '' });
    return there(found);
  }

  function nameOf(id: string | undefined): string {
    return Object.entries(ids).find(([, each]) => each === id)?.[0] ?? 'pool';
  }

  async function explain() {
    return partsOf(await server.ledger.explainBalance(byName('ada')));
  }

  async function explainAt(sequence = 0n): Promise<void> {
    const answer = await server.ledger.explainBalance({ ...byName('ada'), atSequence: sequence });
    explained.set(sequence, answer);
  }

  /** The parts in words: what a grant has left, and how much of it is held. */
  function partsOf({ balance, pool, poolHeld, grants, holds }: ExplainBalanceResponse) {
    return {
      balance: balance?.balance,
      held: balance?.held,
      available: balance?.available,
      pool,
      poolHeld,
      grants: grants.map(({ id, remaining, held }) => `${nameOf(id)} ${remaining}/${held}`),
      holds: holds.map(({ remaining, allocations }) => {
        const parts = allocations.map(({ grantId, amount }) => `${nameOf(grantId)} ${amount}`);
        return `${remaining}: ${parts.join(', ')}`;
      }),
    };
  }

  async function explainEntry(entryId = ''): Promise<readonly string[]> {
    const { entry, grants } = await server.ledger.explainEntry({ entryId });
    const allocations = entry?.allocations ?? [];
    expect(grants.map(({ id }) => id)).toEqual(allocations.map(({ grantId }) => grantId));
    return allocations.map(({ grantId, amount }) => `${nameOf(grantId)} ${amount}`);
  }

  /** The kind of an event, and when it was due. */
  function tellOf({ change }: Event): string {
    if (change.value === undefined || !('dueAt' in change.value) || !change.value.dueAt) {
      return change.case ?? '';
    }
    return `${change.case} ${(timestampMs(change.value.dueAt) - start) / hour} h`;
  }
});

it('a server that was stopped over expiries books each once, with its instant', async () => {
  const { ledger, scrip } = server;
  await ledger.createAccount({ customerId: 'bob', externalId: 'bob', initialBalance: '10' });
  const { hold } = await ledger.createHold({
    ...byName('bob'),
    amount: '4',
    end: { case: 'ttl', value: { seconds: 5n } },
    ...named(),
  });
  const heldUntil = hold?.expiresAt === undefined ? 0 : timestampMs(hold.expiresAt);
  const terms = { expiresAt: instantOf(heldUntil + 500) };
  await ledger.credit({ ...byName('bob'), amount: '5', grant: terms, ...named() });
  await scrip.kill('SIGKILL');
  const killedAt = Date.now();
  // Both expiries pass while nobody is there to book them.
  await expect.poll(() => Date.now() - killedAt).toBeGreaterThan(5_600);
  await scrip.restart();
  const record = recordAccount(ledger, 'bob');
  await expect
    .poll(() => record.kinds())
    .toEqual(['accountCreated', 'holdCreated', 'transactionPosted', 'holdExpired', 'grantExpired']);
  const due = record.events.flatMap(({ change, createdAt }) =>
    change.value !== undefined && 'dueAt' in change.value && change.value.dueAt
      ? [[timestampMs(change.value.dueAt), createdAt && timestampMs(createdAt) > heldUntil + 500]]
      : [],
  );
  expect(due).toEqual([
    [heldUntil, true],
    [heldUntil + 500, true],
  ]);
  const { balance } = await ledger.getBalance(byName('bob'));
  expect(balance).toMatchObject({ balance: '10', held: '0' });
  const { sequence } = await ledger.getHead({});
  await ledger.credit({ ...byName('bob'), amount: '1', ...named() });
  expect((await ledger.getHead({})).sequence).toBe(sequence + 1n);
  await record.end();
});

it('leaves a book that is intact', async () => {
  const { exitCode, stdout } = await world.verify();
  expect(exitCode).toBe(0);
  expect(stdout).toContain('intact');
});
