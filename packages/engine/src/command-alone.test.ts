// A command alone is decided on what is expected of the book. Whatever becomes of the expectation,
// the answer is what the lock would have shown.
import {
  assert,
  instantFromMs,
  parseCreateAccount,
  parsePostOneSided,
  parseReverseTransaction,
  type AccountId,
  type Command,
  type Parsed,
} from '@scrip/kernel';
import { createMemoryBook, createMemoryJournal, jsonEventCodec } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import type { FlushEnd } from './port/observer.ts';
import { latenessMsMax } from './limits.ts';
import type { Journal } from './port/journal.ts';

describe('a command alone', () => {
  it('is written without asking for the lock, as one before was', async () => {
    const { submit, credit, seen, stored } = await open();
    await submit(credit('a', '5'));
    await submit(parseCreateAccount({ customerId: 'd' }));
    expect(await submit(credit('b', '7'))).toMatchObject({ kind: 'accepted', sequence: 4 });
    expect(seen).toEqual(['expected', 'expected', 'expected']);
    expect([...stored().seals.keys()]).toEqual([1, 2, 3, 4]);
    expect([...stored().accounts.values()].map(({ balance }) => balance)).toEqual([12n, 0n]);
  });

  it('has the instant of the database, reckoned on from the flush before', async () => {
    const { submit, credit, journal, pass, stored } = await open();
    const start = journal.now;
    pass(40);
    journal.now = instantFromMs(start + 41);
    await submit(credit('a', '5'));
    pass(3);
    journal.now = instantFromMs(start + 44);
    await submit(credit('b', '5'));
    const instants = stored().events.map(({ event }) => event.createdAt - start);
    // What the first one was told of the clock, and not what it had expected, is the second's.
    expect(instants).toEqual([0, 40, 44]);
  });

  it('asks for the lock when it is refused: nothing is written that could look', async () => {
    const { submit, debit, seen, stored } = await open();
    const refused = await submit(debit('a', '5'));
    expect(refused).toMatchObject({ kind: 'refused', sequence: 1 });
    expect(seen).toEqual(['lock']);
    expect(stored().sequence).toBe(1);
  });

  it('sees under the lock what another process did before it was refused', async () => {
    const { submit, credit, debit, other } = await open();
    await other(credit('theirs', '9'));
    expect(await submit(debit('a', '5'))).toMatchObject({ kind: 'accepted', sequence: 3 });
  });

  it('is expected of no two calls together, and of no clock that is moved', async () => {
    const { submit, credit, seen } = await open();
    await Promise.all([submit(credit('a', '1')), submit(credit('b', '1'))]);
    await submit({ kind: 'parsed', value: { kind: 'advance_clock', byMs: 60_000 } });
    expect(seen).toEqual(['lock', 'lock']);
  });
});

describe('an expectation that is missed', () => {
  it('gives way to the lock where another process has written', async () => {
    const { submit, credit, other, seen, stored } = await open();
    await other(credit('theirs', '9'));
    expect(await submit(credit('a', '5'))).toMatchObject({ kind: 'accepted', sequence: 3 });
    expect(seen).toEqual(['missed', 'lock']);
    expect(stored().events.map(({ event }) => event.idempotencyKey)).toEqual([
      undefined,
      'theirs',
      'a',
    ]);
    expect([...stored().accounts.values()].map(({ balance }) => balance)).toEqual([14n]);
  });

  it('gives way where another history is as long', async () => {
    const { submit, credit, other, journal, book, seen, stored } = await open();
    const restore = journal.backUp(book);
    await submit(credit('a', '5'));
    restore();
    await other(credit('b', '7'));
    expect(await submit(credit('c', '1'))).toMatchObject({ kind: 'accepted', sequence: 3 });
    expect(seen).toEqual(['expected', 'missed', 'lock']);
    expect([...stored().accounts.values()].map(({ balance }) => balance)).toEqual([8n]);
  });

  it('gives way where a key is known, and the first answer is given again', async () => {
    const { submit, credit, seen, stored } = await open();
    const first = await submit(credit('a', '5'));
    const again = await submit(credit('a', '5'));
    expect(again).toMatchObject({ kind: 'replayed', sequence: first.sequence });
    expect(await submit(credit('a', '6'))).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(seen).toEqual(['expected', 'missed', 'lock', 'lock']);
    expect(stored().sequence).toBe(2);
  });

  it('gives way where the key of a reversal is that of another post', async () => {
    const { submit, credit, stored } = await open();
    const posted = await submit(credit('a', '5'));
    assert('event' in posted && posted.event.change.kind === 'transaction_posted', 'it posted');
    const transactionId = posted.event.change.posting.transaction.id;
    const reversal = parseReverseTransaction({ transactionId, idempotencyKey: 'a' });
    expect(await submit(reversal)).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(stored().sequence).toBe(2);
  });

  it.each([
    ['behind what was reckoned', -1],
    ['far ahead of it', latenessMsMax + 1],
  ])('gives way where the clock is %s', async (_what, byMs) => {
    const { submit, credit, journal, pass, seen, stored } = await open();
    const start = journal.now;
    pass(1);
    journal.now = instantFromMs(start + 1 + byMs);
    await submit(credit('a', '5'));
    expect(seen).toEqual(['missed', 'lock']);
    expect(stored().lastInstant).toBe(journal.now);
  });

  it('is not tried again at once', async () => {
    const { submit, credit, other, pass, journal, seen } = await open();
    await other(credit('theirs', '9'));
    await submit(credit('a', '5'));
    await submit(credit('b', '5'));
    pass(1);
    journal.now = instantFromMs(journal.now + 1);
    await submit(credit('c', '5'));
    expect(seen).toEqual(['missed', 'lock', 'lock', 'expected']);
  });
});

describe('a command alone whose journal fails', () => {
  it.each(['before_lock', 'before_append', 'after_append', 'commit_lost'] as const)(
    'is decided anew under the lock after a failure %s',
    async (fault) => {
      const { submit, credit, journal, seen, stored } = await open();
      journal.faults.push(fault);
      expect(await submit(credit('a', '5'))).toMatchObject({ kind: 'accepted', sequence: 2 });
      expect(seen.at(-1)).toBe('lock');
      expect(stored().events).toHaveLength(2);
    },
  );

  it('is answered once where its commit happened and its answer was lost', async () => {
    const { submit, credit, journal, seen, ends, stored } = await open();
    journal.faults.push('commit_done_answer_lost');
    expect(await submit(credit('a', '5'))).toMatchObject({ kind: 'accepted', sequence: 2 });
    expect(stored().events).toHaveLength(2);
    expect(seen).toEqual(['expected', 'lock']);
    expect(ends).toMatchObject([{ kind: 'failed', isInDoubt: true }, { kind: 'committed' }]);
    // What the seal told says nothing of accounts: the next one asks.
    await submit(credit('b', '5'));
    expect(seen.at(-1)).toBe('lock');
  });

  it('is answered with the failure that the lock meets as well', async () => {
    const { submit, credit, journal, seen, stored } = await open();
    journal.poison = () => true;
    await expect(submit(credit('a', '5'))).rejects.toMatchObject({ kind: 'failed' });
    expect(seen.at(-1)).toBe('lock');
    expect(stored().sequence).toBe(1);
  });
});

async function open() {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const seen: string[] = [];
  const ends: FlushEnd[] = [];
  let clockMs = 10;
  const engine = createEngine({
    journal: watched(journal, seen),
    codec: jsonEventCodec,
    clock: () => clockMs,
    observer: { onFlush: () => (end) => void ends.push(end) },
  });
  const another = createEngine({ journal, codec: jsonEventCodec });
  const submit = (command: Parsed<Command>) => engine.submit(book, valueOf(command));
  const created = await submit(parseCreateAccount({ customerId: 'c' }));
  assert('event' in created && created.event.change.kind === 'account_created', 'it is made');
  const post = postsOf(created.event.change.account.id);
  seen.length = 0;
  ends.length = 0;
  return {
    journal,
    book,
    submit,
    seen,
    ends,
    ...post,
    /** As another process. */
    other: (command: Parsed<Command>) => another.submit(book, valueOf(command)),
    stored: () => journal.stored(book),
    /** Lets the clock of this process go on. */
    pass: (ms: number) => void (clockMs += ms),
  };
}

/** The journal, telling how each unit of work came to its head. */
function watched(journal: Journal, seen: string[]): Journal {
  return {
    transact: (book, work) =>
      journal.transact(book, (unit) =>
        work({
          ...unit,
          lockHead: () => {
            seen.push('lock');
            return unit.lockHead();
          },
          appendExpecting: async (expected, batch) => {
            const now = await unit.appendExpecting(expected, batch);
            seen.push(now === undefined ? 'missed' : 'expected');
            return now;
          },
        }),
      ),
  };
}

function postsOf(id: AccountId) {
  const post = (side: 'credit' | 'debit') => (idempotencyKey: string, amount: string) =>
    parsePostOneSided(side, {
      account: { kind: 'id', id },
      amount,
      reference: 'ref',
      idempotencyKey,
    });
  return { credit: post('credit'), debit: post('debit') };
}

function valueOf(command: Parsed<Command>): Command {
  assert(command.kind === 'parsed', 'the commands of the tests are well-formed');
  return command.value;
}
