// Accounts with very many live terms: a unit of work loads those of its first groups, and the rest
// comes in the next one.
import {
  assert,
  holdOf,
  parseCreateAccount,
  parseCreateHold,
  parsePostOneSided,
  parseReleaseHold,
  parseReverseTransaction,
  postingOf,
  type AccountId,
  type BookEvent,
  type Command,
  type Parsed,
} from '@scrip/kernel';
import { createMemoryBook, createMemoryJournal, jsonEventCodec } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import { loadedTermCountMax } from './limits.ts';
import type { Journal, LoadedAccounts, UnitOfWork } from './port/journal.ts';

describe('accounts that have very many terms together', () => {
  const faults = ['none', 'after_append', 'commit_lost', 'commit_done_answer_lost'] as const;
  it.each(faults)('are loaded for the first groups, and then for the rest, %s', async (fault) => {
    const { accounts, journal, post, seals, stored, loads } = await open(20);
    const before = stored().sequence;
    journal.faults.push(fault, 'none', fault);
    const outcomes = await post(accounts.map((id) => debit(id)));
    expect(outcomes.map(({ kind, sequence }) => [kind, sequence - before])).toEqual(
      accounts.map((_, i) => ['accepted', i + 1]),
    );
    expect(
      stored()
        .events.slice(before)
        .map(({ event }) => accountOf(event)),
    ).toEqual(accounts);
    // Three accounts have six terms, which is more than five.
    expect(seals(before)).toEqual([3, 6, 9, 12, 15, 18, 20]);
    expect(new Set(loads.map(({ asked }) => asked))).toEqual(new Set([loadedTermCountMax]));
  });

  it('are all loaded for one group, in several looks and one unit of work', async () => {
    const { accounts, journal, postGroup, seals, stored, loads } = await open(10);
    const before = stored().sequence;
    const countBefore = journal.transactionCount;
    loads.length = 0;
    const outcomes = await postGroup(accounts.map((id) => debit(id)));
    expect(journal.transactionCount - countBefore).toBe(1);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    expect(seals(before)).toEqual([10]);
    expect(loads.map(({ loaded }) => loaded.accounts.length)).toEqual([3, 3, 3, 1]);
  });

  it('keep no group waiting whose accounts are known', async () => {
    const { accounts, journal, post, seals, stored } = await open(8);
    const [known, ...others] = accounts;
    assert(known !== undefined, 'there are accounts');
    const before = stored().sequence;
    await post([debit(known)]);
    const countBefore = journal.transactionCount;
    await post([...others.slice(0, 2), known, ...others.slice(2)].map((id) => debit(id)));
    expect(seals(before)).toEqual([1, 5, 8, 9]);
    expect(journal.transactionCount - countBefore).toBe(3);
  });

  it('are those of the holds, transactions and keys that commands name, too', async () => {
    const { accounts, events, post, seals, stored } = await open(9);
    const before = stored().sequence;
    const [released, reversed, replayed] = [
      accounts.slice(0, 3),
      accounts.slice(3, 6),
      accounts.slice(6),
    ];
    const of = (id: AccountId) => events.filter((event) => accountOf(event) === id);
    const commands = [
      ...released.map((id) => parseReleaseHold({ holdId: of(id).map(holdOf)[2]?.id ?? '' })),
      ...reversed.map((id) =>
        parseReverseTransaction({ transactionId: transactionIdOf(of(id)[1]) }),
      ),
      ...replayed.map((_, i) => creation(6 + i)),
    ];
    const outcomes = await post(commands);
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 6 }, () => 'accepted'),
      ...Array.from({ length: 3 }, () => 'replayed'),
    ]);
    expect(outcomes.slice(6).map((each) => 'personal' in each && each.personal)).toEqual(
      ['name 6', 'name 7', 'name 8'].map((displayName) => ({ displayName })),
    );
    expect(seals(before)).toEqual([3, 6]);
  });
});

/** Accounts with two holds each, and a journal that loads few terms at a time. */
async function open(accountCount: number) {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const loads: { readonly asked: number | undefined; readonly loaded: LoadedAccounts }[] = [];
  const transact: Journal['transact'] = (of, work) =>
    journal.transact(of, (unit) => {
      const loadAccounts: UnitOfWork['loadAccounts'] = async (ids, asked) => {
        const loaded = await unit.loadAccounts(ids, 5);
        loads.push({ asked, loaded });
        return loaded;
      };
      return work({ ...unit, loadAccounts });
    });
  const make = () => createEngine({ journal: { transact }, codec: jsonEventCodec });
  const filling = make();
  const fill = async (commands: readonly Parsed<Command>[]) =>
    Promise.all(commands.map((command) => filling.submit(book, valueOf(command))));
  const stored = () => journal.stored(book);
  await fill(Array.from({ length: accountCount }, (_, i) => creation(i)));
  const accounts = [...stored().accounts.keys()];
  await fill(accounts.map((id) => credit(id)));
  await fill(accounts.flatMap((id) => [hold(id), hold(id)]));
  const engine = make();
  return {
    journal,
    accounts,
    loads,
    stored,
    events: stored().events.map(({ event }) => event),
    post: (commands: readonly Parsed<Command>[]) =>
      Promise.all(commands.map((command) => engine.submit(book, valueOf(command)))),
    postGroup: (commands: readonly Parsed<Command>[]) =>
      engine.submitBatch(book, { mode: 'atomic', commands: commands.map(valueOf) }),
    /** Where units of work ended, counted from a sequence. */
    seals: (from: number) =>
      [...stored().seals.keys()].map((end) => end - from).filter((end) => end > 0),
  };
}

let keyCount = 0;

function named() {
  return { reference: 'ref', idempotencyKey: `key ${++keyCount}` };
}

function creation(index: number): Parsed<Command> {
  const displayName = `name ${index}`;
  const names = { customerId: `c${index}`, idempotencyKey: `creation ${index}` };
  return parseCreateAccount({ ...names, displayName, initialBalance: '10' });
}

function credit(id: AccountId): Parsed<Command> {
  return parsePostOneSided('credit', { account: { kind: 'id', id }, amount: '5', ...named() });
}

function debit(id: AccountId): Parsed<Command> {
  return parsePostOneSided('debit', { account: { kind: 'id', id }, amount: '1', ...named() });
}

function hold(id: AccountId): Parsed<Command> {
  return parseCreateHold({ account: { kind: 'id', id }, amount: '1', ...named() });
}

function valueOf(command: Parsed<Command>): Command {
  assert(command.kind === 'parsed', 'the command is well-formed');
  return command.value;
}

function accountOf(event: BookEvent): AccountId | undefined {
  const { change } = event;
  if (change.kind === 'account_created') return change.account.id;
  return holdOf(event)?.accountId ?? postingOf(event)?.transaction.entries[0]?.accountId;
}

function transactionIdOf(event: BookEvent | undefined): string {
  return (event && postingOf(event)?.transaction.id) ?? '';
}
