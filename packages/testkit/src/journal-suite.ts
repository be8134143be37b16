// The suite that every journal passes, in memory or on PostgreSQL.
import {
  accountRefsOf,
  assert,
  parseChangeAccountStatus,
  parseCreateAccount,
  parsePostOneSided,
  parsePostTransaction,
  parseReverseTransaction,
  parseUpdateAccount,
  present,
  type AccountId,
  type BookEvent,
  type Command,
  type Instant,
  type Parsed,
  type Sequence,
} from '@scrip/kernel';
import { createEngine, type Book, type Journal, type Outcome } from '@scrip/engine';
import { describe, expect, it } from 'vitest';
import { describeCoupons } from './journal-coupons-suite.ts';
import { describeExpecting } from './journal-expecting-suite.ts';
import { describeTerms } from './journal-terms-suite.ts';
import type { JournalUnderTest } from './journal-under-test.ts';

/** Describes what a journal promises. `make` is called once for each test. */
export function describeJournal(name: string, make: () => Promise<JournalUnderTest>): void {
  describe(`${name} as a journal`, () => {
    describeLocks(make);
    describeExpecting(make);
  });
  describe.each([
    ['under the lock', async () => ({ ...(await make()), clock: undefined })],
    ['as expected', make],
    ['otherwise than expected', async () => findingOther(await make())],
  ] as const)(`${name} as a journal, with a book %s`, (_what, makeSo) => {
    describeWrites(makeSo);
    describeLookUps(makeSo);
    describeTerms(makeSo);
    describeCoupons(makeSo);
  });
}

/** A journal that finds no book as it is expected, with an engine that expects them all. */
function findingOther(made: JournalUnderTest): JournalUnderTest {
  const { journal } = made;
  const transact: Journal['transact'] = (book, work) =>
    journal.transact(book, (unit) => {
      const appendExpecting: typeof unit.appendExpecting = (expected, batch) => {
        const chainHash = Buffer.alloc(32, 1);
        const head = { ...expected.head, chainHash };
        return unit.appendExpecting({ ...expected, head }, batch);
      };
      return work({ ...unit, appendExpecting });
    });
  // It goes on faster than an engine stops expecting.
  let clockMs = 0;
  return { ...made, clock: () => (clockMs += 1_000), journal: { transact } };
}

function describeLocks(make: () => Promise<JournalUnderTest>): void {
  it('starts a book at sequence 0 with a hash of zeros', async () => {
    const { journal, book } = await open(make);
    const head = await journal.transact(book, (unit) => unit.lockHead());
    expect(head.sequence).toBe(0);
    expect(Buffer.from(head.chainHash).equals(Buffer.alloc(32))).toBe(true);
    expect(head.lastInstant).toBe(0);
    expect(Number.isInteger(head.now)).toBe(true);
  });

  it('lets one unit of work at a time hold the head of a book', async () => {
    const { journal, book } = await open(make);
    const steps: string[] = [];
    const held = Promise.withResolvers<void>();
    const first = journal.transact(book, async (unit) => {
      await unit.lockHead();
      steps.push('first locks');
      await held.promise;
      steps.push('first ends');
    });
    await expect.poll(() => steps).toContain('first locks');
    const second = journal.transact(book, async (unit) => {
      await unit.lockHead();
      steps.push('second locks');
    });
    held.resolve();
    await Promise.all([first, second]);
    expect(steps).toEqual(['first locks', 'first ends', 'second locks']);
  });

  it('throws on what the work throws and writes nothing of it', async () => {
    const { journal, submit, book } = await open(make);
    await submit(creation('a'));
    const failing = journal.transact(book, async (unit) => {
      const head = await unit.lockHead();
      await unit.append({
        events: [],
        accounts: [],
        units: [],
        instant: head.now,
        lastSequence: (head.sequence + 7) as Sequence,
        chainHash: new Uint8Array(32),
      });
      throw new Error('a bug in the work');
    });
    await expect(failing).rejects.toThrow('a bug in the work');
    const head = await journal.transact(book, (unit) => unit.lockHead());
    expect(head.sequence).toBe(1);
  });
}

function describeWrites(make: () => Promise<JournalUnderTest>): void {
  it('gives back accounts and units as they were written', async () => {
    const { journal, submit, book } = await open(make);
    const created = await submit(
      creation('a', {
        name: 'Größe',
        unitLabel: 'gold',
        unitScale: 18,
        externalId: 'x-1',
        displayName: 'Ada',
        email: 'ada@example.com',
        metadata: { tier: 'pro', nested: { list: [1, 'two', null] } },
        initialBalance: '99999999999999999999999999999999999999.000000000000000001',
      }),
    );
    const account = accountIdOf(created);
    const [units, accounts] = await journal.transact(book, async (unit) => {
      await unit.lockHead();
      const { accounts: loaded } = await unit.loadAccounts([account]);
      return [await unit.loadUnits(['gold']), loaded] as const;
    });
    const balance = 10n ** 56n - 10n ** 18n + 1n;
    const unit = { label: 'gold', scale: 18, issued: -balance, spent: 0n, expired: 0n };
    expect(units).toEqual([unit]);
    expect(accounts).toHaveLength(1);
    expect(accounts[0]).toMatchObject({ id: account, customerId: 'a', name: 'Größe', balance });
    expect(accounts[0]).toMatchObject({ unit: { label: 'gold', scale: 18 }, sequence: 1 });
    expect(accounts[0]?.personal).toEqual({
      displayName: 'Ada',
      email: 'ada@example.com',
      metadata: { nested: { list: [1, 'two', null] }, tier: 'pro' },
    });
  });

  it('keeps every change of an account', async () => {
    const { journal, submit, book } = await open(make);
    const id = accountIdOf(await submit(creation('a', { email: 'a@example.com' })));
    const account = { kind: 'id', id } as const;
    await submit(parseUpdateAccount({ account, email: '', displayName: 'B' }));
    await submit(parsePostOneSided('credit', { account, amount: '7', ...terms('k1') }));
    await submit(parseChangeAccountStatus('freeze_account', { account }));
    const { accounts } = await journal.transact(book, async (unit) => {
      await unit.lockHead();
      return unit.loadAccounts([id]);
    });
    const [loaded] = accounts;
    expect(loaded).toMatchObject({ status: 'frozen', balance: 7n, sequence: 4 });
    expect(loaded?.personal).toEqual({ displayName: 'B' });
  });

  it('seals every batch at its last sequence', async () => {
    const { journal, submit, book } = await open(make);
    await submit(creation('a'));
    const head = await journal.transact(book, (unit) => unit.lockHead());
    const [seal, none] = await journal.transact(book, async (unit) => {
      await unit.lockHead();
      const missing = await unit.findSeal(2 as Sequence);
      return [await unit.findSeal(1 as Sequence), missing] as const;
    });
    expect(Buffer.from(seal ?? []).equals(Buffer.from(head.chainHash))).toBe(true);
    expect(none).toBeUndefined();
  });
}

function describeLookUps(make: () => Promise<JournalUnderTest>): void {
  it('finds events by key, transaction and reversal', async () => {
    const { journal, submit, book } = await open(make);
    const id = accountIdOf(await submit(creation('a')));
    const account = { kind: 'id', id } as const;
    const credit = await submit(
      parsePostOneSided('credit', { account, amount: '5', ...terms('k1') }),
    );
    const transactionId = transactionIdOf(credit);
    const reversal = await submit(parseReverseTransaction({ transactionId }));
    const [byKey, byId] = await journal.transact(book, async (unit) => {
      await unit.lockHead();
      const recorded = await unit.findEventsByKey(['k1', 'unknown']);
      return [recorded, await unit.findEventsByTransactionId([transactionId, 'cct_00000000000'])];
    });
    expect(byKey.map((recorded) => recorded.event)).toEqual([eventOf(credit)]);
    expect(byKey[0]?.requestDigest).toMatch(/^[0-9a-f]{16}$/);
    const bySequence = [...byId].sort((a, b) => a.sequence - b.sequence);
    expect(bySequence).toEqual([eventOf(credit), eventOf(reversal)]);
  });

  it('finds nothing for a made-up id, though its place is taken', async () => {
    const { journal, submit, book } = await open(make);
    const created = await submit(creation('a', { initialBalance: '1' }));
    const account = { kind: 'id', id: accountIdOf(created) } as const;
    const credit = eventOf(
      await submit(parsePostOneSided('credit', { account, amount: '5', ...terms('k1') })),
    );
    const { createdAt } = eventOf(created);
    const accountId = book.ids.accountId(1 as Sequence, (createdAt + 1) as Instant);
    const transactionId = book.ids.transactionId(2 as Sequence, (credit.createdAt + 1) as Instant);
    const found = await journal.transact(book, async (unit) => {
      await unit.lockHead();
      const { accounts } = await unit.loadAccounts([accountId]);
      return { accounts, events: await unit.findEventsByTransactionId([transactionId]) };
    });
    expect(found).toEqual({ accounts: [], events: [] });
  });

  it('finds accounts by external id and by open name, and not those of another book', async () => {
    const { journal, submit, book, makeBook } = await open(make);
    const id = accountIdOf(await submit(creation('a', { externalId: 'x', name: 'Main' })));
    const closed = accountIdOf(await submit(creation('b', { name: 'Old' })));
    await submit(
      parseChangeAccountStatus('close_account', { account: { kind: 'id', id: closed } }),
    );
    const lookUp = (where: Book) =>
      journal.transact(where, async (unit) => {
        await unit.lockHead();
        const external = await unit.findAccountIdsByExternalId(['x', 'y']);
        const names = await unit.findAccountIdsByName([
          { customerId: 'a', nameKey: 'main' },
          { customerId: 'b', nameKey: 'old' },
        ]);
        const { accounts } = await unit.loadAccounts([id]);
        return { external: [...external], names: [...names], ids: accounts };
      });
    const found = await lookUp(book);
    expect(found.external).toEqual([['x', id]]);
    expect(found.names).toEqual([['a\u0000main', id]]);
    expect(found.ids).toHaveLength(1);
    expect(await lookUp(await makeBook())).toEqual({ external: [], names: [], ids: [] });
  });

  it('finds accounts for a transaction of many entries', async () => {
    const { submit } = await open(make);
    const from = accountIdOf(await submit(creation('payer', { initialBalance: '99' })));
    const ids: AccountId[] = [];
    for (let i = 0; i < 99; i++) ids.push(accountIdOf(await submit(creation(`c${i}`))));
    const entries = [
      { account: { kind: 'id', id: from } as const, side: 'debit' as const, amount: '99' },
      ...ids.map((id) => ({
        account: { kind: 'id', id } as const,
        side: 'credit' as const,
        amount: '1',
      })),
    ];
    const command = parsePostTransaction({ entries, ...terms('split') });
    const outcome = await submit(command);
    expect(command.kind === 'parsed' && accountRefsOf(command.value)).toHaveLength(100);
    expect(outcome.kind).toBe('accepted');
    expect(outcome.sequence).toBe(101);
  });
}

async function open(make: () => Promise<JournalUnderTest>) {
  const { journal, codec, clock, makeBook } = await make();
  const book = await makeBook();
  const engine = createEngine({ journal, codec, ...present('clock', clock) });
  const submit = (command: Parsed<Command>): Promise<Outcome> => {
    assert(command.kind === 'parsed', 'the commands of the suite are well-formed');
    return engine.submit(book, command.value);
  };
  return { journal, codec, makeBook, book, submit };
}

function creation(customerId: string, more: object = {}): Parsed<Command> {
  return parseCreateAccount({ customerId, ...more });
}

function terms(idempotencyKey: string) {
  return { reference: 'ref', idempotencyKey };
}

function eventOf(outcome: Outcome): BookEvent {
  assert('event' in outcome, 'the outcome has an event');
  return outcome.event;
}

function accountIdOf(outcome: Outcome): AccountId {
  const { change } = eventOf(outcome);
  assert(change.kind === 'account_created', 'the event made an account');
  return change.account.id;
}

function transactionIdOf(outcome: Outcome): string {
  const { change } = eventOf(outcome);
  assert(change.kind === 'transaction_posted', 'the event posted a transaction');
  return change.posting.transaction.id;
}
