// The writer under faults: what is answered is durable, once, and nothing else is.
import {
  assert,
  createBookState,
  applyEvent,
  instantFromMs,
  parseCreateAccount,
  parsePostOneSided,
  parseReverseTransaction,
  type AccountId,
  type Command,
  type Parsed,
  type Sequence,
} from '@scrip/kernel';
import {
  createMemoryBook,
  createMemoryJournal,
  jsonEventCodec,
  type JournalFault,
} from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { genesisHash, nextChainHash } from './chain-hash.ts';
import { createEngine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { batchBytesMax, queueLengthMax } from './limits.ts';
import type { Outcome } from './outcome.ts';
import type { Book } from './port/book.ts';
import type { FeedSink } from './port/feed-sink.ts';

describe('a book writer', () => {
  it('decides concurrent debits one after another, down to zero and not below', async () => {
    const { submit, account, stored } = await openWith('50');
    const outcomes = await Promise.all(
      Array.from({ length: 64 }, (_, i) => submit(debit(account, '1', `d${i}`))),
    );
    expect(outcomes.filter((outcome) => outcome.kind === 'accepted')).toHaveLength(50);
    const refused = outcomes.filter((outcome) => outcome.kind === 'refused');
    expect(refused.map(({ refusal }) => refusal.reason)).toEqual(
      Array(14).fill('INSUFFICIENT_BALANCE'),
    );
    expect(stored().accounts.get(account)?.balance).toBe(0n);
  });

  it('shares one unit of work among commands that arrive together', async () => {
    const { submit, account, journal } = await openWith('50');
    const before = journal.transactionCount;
    await Promise.all(Array.from({ length: 30 }, (_, i) => submit(debit(account, '1', `d${i}`))));
    expect(journal.transactionCount - before).toBe(1);
  });

  it('answers equal requests under one key with one event', async () => {
    const { submit, account, stored } = await openWith('0');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => submit(credit(account, '5', 'same'))),
    );
    const events = outcomes.map((outcome) => 'event' in outcome && outcome.event);
    expect(new Set(events.map((event) => event && event.sequence)).size).toBe(1);
    expect(outcomes.filter((outcome) => outcome.kind === 'accepted')).toHaveLength(1);
    expect(stored().accounts.get(account)?.balance).toBe(5n);
  });

  it('tells a refusal the sequence that it was judged at', async () => {
    const { submit, account } = await openWith('1');
    const [first, refused] = await Promise.all([
      submit(debit(account, '1', 'd1')),
      submit(debit(account, '1', 'd2')),
    ]);
    expect(first.sequence).toBe(2);
    expect(refused).toMatchObject({ kind: 'refused', sequence: 2 });
  });

  it('chains the bytes of every batch to the one before', async () => {
    const { submit, account, stored } = await openWith('50');
    await Promise.all([submit(debit(account, '1', 'a')), submit(debit(account, '1', 'b'))]);
    await submit(debit(account, '1', 'c'));
    const bytes = stored().events.map((event) => event.bytes);
    const first = nextChainHash(genesisHash, bytes.slice(0, 1));
    const second = nextChainHash(first, bytes.slice(1, 3));
    const third = nextChainHash(second, bytes.slice(3));
    expect(stored().chainHash).toEqual(third);
    expect([...stored().seals.keys()]).toEqual([1, 3, 4]);
  });

  it('never moves the instant back when the clock does', async () => {
    const { submit, account, journal, stored } = await openWith('5');
    journal.now = instantFromMs(journal.now - 60_000);
    await submit(debit(account, '1', 'a'));
    const [created, debited] = stored().events.map(({ event }) => event.createdAt);
    expect(debited).toBe(created);
  });
});

describe('a book writer whose journal fails', () => {
  const passing = ['before_lock', 'before_append', 'after_append'] as const;
  it.each(passing)('decides anew after a failure %s, once', async (fault) => {
    const { submit, account, journal, stored } = await openWith('5');
    journal.faults.push(fault, fault);
    const outcomes = await Promise.all([
      submit(debit(account, '2', 'a')),
      submit(debit(account, '3', 'b')),
    ]);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['accepted', 'accepted']);
    expect(stored().accounts.get(account)?.balance).toBe(0n);
    expect(stored().sequence).toBe(3);
  });

  it('answers unavailable after several tries and has written nothing', async () => {
    const { submit, account, journal, stored } = await openWith('5');
    journal.faults.push(...Array<JournalFault>(4).fill('before_lock'));
    await expect(submit(debit(account, '2', 'a'))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(stored().sequence).toBe(1);
    expect(await submit(debit(account, '2', 'a'))).toMatchObject({ kind: 'accepted' });
  });

  it('answers aborted after several collisions', async () => {
    const { submit, account, journal } = await openWith('5');
    journal.faults.push(...Array<JournalFault>(4).fill('after_append'));
    await expect(submit(debit(account, '2', 'a'))).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('keeps no decision of a batch that was rolled back', async () => {
    const { submit, account, journal } = await openWith('5');
    journal.faults.push(...Array<JournalFault>(4).fill('after_append'));
    await expect(submit(debit(account, '5', 'a'))).rejects.toBeInstanceOf(EngineError);
    expect(await submit(debit(account, '5', 'b'))).toMatchObject({ kind: 'accepted' });
  });

  it('fails the one command whose content cannot be written, and no other', async () => {
    const { submit, account, journal, stored } = await openWith('50');
    journal.poison = (event) => event.idempotencyKey === 'd7';
    const results = await Promise.allSettled(
      Array.from({ length: 16 }, (_, i) => submit(debit(account, '1', `d${i}`))),
    );
    const rejected = results.flatMap((result, i) => (result.status === 'rejected' ? [i] : []));
    expect(rejected).toEqual([7]);
    expect(results[7]).toMatchObject({ reason: { kind: 'failed' } });
    expect(stored().accounts.get(account)?.balance).toBe(35n);
  });
});

describe('a book writer whose COMMIT got no answer', () => {
  it('lets the first decisions stand when the seal is in the book', async () => {
    const { submit, account, journal, stored } = await openWith('5');
    journal.faults.push('commit_done_answer_lost');
    const outcomes = await Promise.all([
      submit(debit(account, '5', 'a')),
      submit(debit(account, '1', 'b')),
    ]);
    expect(outcomes).toMatchObject([{ kind: 'accepted', sequence: 2 }, { kind: 'refused' }]);
    expect(stored().sequence).toBe(2);
  });

  it('lets a creation without a key stand as well', async () => {
    const { submit, journal, stored } = await openWith('5');
    journal.faults.push('commit_done_answer_lost');
    const outcome = await submit(parseCreateAccount({ customerId: 'keyless' }));
    expect(outcome).toMatchObject({ kind: 'accepted', sequence: 2 });
    expect(stored().sequence).toBe(2);
  });

  it('judges anew when the seal is not in the book', async () => {
    const { submit, account, journal, stored } = await openWith('5');
    journal.faults.push('commit_lost', 'before_lock', 'commit_lost');
    expect(await submit(debit(account, '5', 'a'))).toMatchObject({ kind: 'accepted' });
    expect(stored().sequence).toBe(2);
  });

  it('stays in doubt, however often the look fails, until it has looked', async () => {
    const { submit, account, journal, stored } = await openWith('5');
    const down = Array<JournalFault>(6).fill('before_lock');
    journal.faults.push('commit_done_answer_lost', ...down);
    expect(await submit(debit(account, '5', 'a'))).toMatchObject({ kind: 'accepted' });
    expect(stored().sequence).toBe(2);
  });

  it('finds the first seal when the confirming unit of work is lost too', async () => {
    const { submit, account, journal, stored } = await openWith('5');
    journal.faults.push('commit_done_answer_lost', 'commit_lost', 'none');
    expect(await submit(debit(account, '5', 'a'))).toMatchObject({ kind: 'accepted' });
    expect(stored().sequence).toBe(2);
  });
});

describe('a book writer before a standby', () => {
  it('writes the head before it answers a replay, not before a refusal', async () => {
    const { submit, account, journal } = await openWith('5');
    await submit(debit(account, '5', 'a'));
    await submit(debit(account, '5', 'b'));
    expect(journal.touchCount).toBe(0);
    expect(await submit(debit(account, '5', 'a'))).toMatchObject({ kind: 'replayed' });
    expect(journal.touchCount).toBe(1);
  });

  it('writes the head before it lets decisions in doubt stand', async () => {
    const { submit, account, journal } = await openWith('5');
    journal.faults.push('commit_done_answer_lost');
    await submit(debit(account, '5', 'a'));
    expect(journal.touchCount).toBe(1);
  });

  it('leaves a batch in doubt when all its callers have gone', async () => {
    const { submit, account, journal } = await openWith('5');
    const caller = new AbortController();
    journal.faults.push('commit_lost', ...Array<JournalFault>(50).fill('before_lock'));
    const waiting = submit(debit(account, '5', 'a'), caller.signal);
    await expect.poll(() => journal.transactionCount).toBeGreaterThan(2);
    caller.abort(new Error('deadline'));
    await expect(waiting).rejects.toThrow('deadline');
    journal.faults.length = 0;
    expect(await submit(debit(account, '5', 'b'))).toMatchObject({ kind: 'accepted' });
  });

  it('tells the feed of a batch that it leaves in doubt', async () => {
    const nudged: number[] = [];
    const feed = { publish: () => undefined, nudge: ({ id }: Book) => nudged.push(id) };
    const { submit, account, journal, book } = await openWith('5', feed);
    const caller = new AbortController();
    const faults = Array<JournalFault>(50).fill('before_lock');
    journal.faults.push('commit_done_answer_lost', ...faults);
    const waiting = submit(debit(account, '5', 'a'), caller.signal);
    await expect.poll(() => journal.transactionCount).toBeGreaterThan(2);
    expect(nudged).toEqual([]);
    caller.abort(new Error('deadline'));
    await expect(waiting).rejects.toThrow('deadline');
    await expect.poll(() => nudged).toEqual([book.id]);
  });
});

describe('a book writer beside another process', () => {
  it('drops what it remembers when the other has written', async () => {
    const { submit, account, journal, book, stored } = await openWith('5');
    const other = createEngine({ journal, codec: jsonEventCodec });
    await submit(debit(account, '1', 'a'));
    await other.submit(book, valueOf(debit(account, '4', 'b')));
    expect(await submit(debit(account, '1', 'c'))).toMatchObject({ kind: 'refused' });
    expect(stored().accounts.get(account)?.balance).toBe(0n);
  });

  it('is not fooled by another history of the same length', async () => {
    const { submit, account, journal, book } = await openWith('5');
    await submit(debit(account, '5', 'a'));
    const rewound = stubHistory(journal.stored(book));
    await rewound.replaceLastBy(async () => {
      const other = createEngine({ journal, codec: jsonEventCodec });
      await other.submit(book, valueOf(credit(account, '1', 'other')));
    });
    expect(await submit(debit(account, '6', 'b'))).toMatchObject({ kind: 'accepted' });
  });
});

describe('the queue of a book writer', () => {
  it('refuses more than it can hold, with a hint when to come back', async () => {
    const { submit, account } = await openWith('5');
    const waiting = Array.from({ length: queueLengthMax }, (_, i) =>
      submit(debit(account, '9', `d${i}`)),
    );
    await expect(submit(debit(account, '1', 'late'))).rejects.toMatchObject({
      kind: 'queue_full',
      retryAfterMs: 1_000,
    });
    await Promise.all(waiting);
  });

  it('drops a command undecided when its caller has gone', async () => {
    const { submit, account, stored } = await openWith('5');
    const caller = new AbortController();
    const gone = submit(debit(account, '1', 'a'), caller.signal);
    caller.abort(new Error('deadline'));
    await expect(gone).rejects.toThrow('deadline');
    await submit(debit(account, '1', 'b'));
    expect(stored().events.map(({ event }) => event.idempotencyKey)).toEqual([undefined, 'b']);
  });

  it('answers all that wait before it closes, and refuses what comes after', async () => {
    const { engine, submit, account } = await openWith('5');
    const waiting = Promise.all(['a', 'b'].map((key) => submit(debit(account, '1', key))));
    await engine.close();
    expect((await waiting).map((outcome) => outcome.kind)).toEqual(['accepted', 'accepted']);
    await expect(submit(debit(account, '1', 'c'))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('a book writer that is given more than a unit of work may write', () => {
  const faults = ['none', 'after_append', 'commit_lost', 'commit_done_answer_lost'] as const;
  it.each(faults)(
    'writes the first of it, and the rest behind that, with fault %s',
    async (fault) => {
      const { submit, account, journal, stored } = await openWith('0');
      journal.faults.push(fault, 'none', fault);
      const metadata = { text: 'x'.repeat(15_000) };
      const keys = Array.from({ length: 400 }, (_, i) => `k${i}`);
      const outcomes = await Promise.all(
        keys.map((key) => submit(credit(account, '1', key, { metadata }))),
      );
      expect(outcomes.map(({ kind, sequence }) => [kind, sequence])).toEqual(
        keys.map((_, i) => ['accepted', i + 2]),
      );
      expect(stored().events.map(({ event }) => event.idempotencyKey)).toEqual([
        undefined,
        ...keys,
      ]);
      const ends = [...stored().seals.keys()];
      expect(ends.length).toBeGreaterThan(3);
      for (const [index, end] of ends.entries()) {
        const written = stored().events.slice(index === 0 ? 0 : ends[index - 1], end);
        const withoutLast = written.slice(0, -1).reduce((sum, { bytes }) => sum + bytes.length, 0);
        expect(withoutLast).toBeLessThanOrEqual(batchBytesMax);
      }
    },
  );
});

describe('a large batch that fails', () => {
  const faults = ['after_append', 'commit_lost', 'commit_done_answer_lost'] as const;
  it.each(faults)('is tried again a part at a time, with fault %s', async (fault) => {
    const { submit, account, journal, stored } = await openWith('0');
    journal.faults.push('after_append', fault);
    const keys = Array.from({ length: 400 }, (_, i) => `k${i}`);
    const outcomes = await Promise.all(keys.map((key) => submit(credit(account, '1', key))));
    expect(outcomes.map(({ kind, sequence }) => [kind, sequence])).toEqual(
      keys.map((_, i) => ['accepted', i + 2]),
    );
    expect(stored().events.map(({ event }) => event.idempotencyKey)).toEqual([undefined, ...keys]);
    // 200 fail, then 50; of these the seal may be there. No more are taken after that than 32.
    const size = fault === 'commit_done_answer_lost' ? 50 : 32;
    expect([...stored().seals.keys()].slice(1, 3)).toEqual([1 + size, 1 + size + 32]);
  });
});

describe('reversals through a book writer', () => {
  it('answer the first reversal when asked again, also within one batch', async () => {
    const { submit, account } = await openWith('0');
    const posted = await submit(credit(account, '5', 'k'));
    assert(posted.kind === 'accepted', 'the credit is accepted');
    const { change } = posted.event;
    assert(change.kind === 'transaction_posted', 'a credit posts a transaction');
    const reverse = () =>
      submit(parseReverseTransaction({ transactionId: change.posting.transaction.id }));
    const outcomes = [...(await Promise.all([reverse(), reverse()])), await reverse()];
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['accepted', 'replayed', 'replayed']);
    expect(new Set(outcomes.map((outcome) => outcome.sequence)).size).toBe(1);
  });
});

async function openWith(initialBalance: string, feed?: FeedSink) {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const engine = createEngine({ journal, codec: jsonEventCodec, ...(feed && { feed }) });
  const submit = (command: Parsed<Command>, signal?: AbortSignal): Promise<Outcome> =>
    engine.submit(book, valueOf(command), signal);
  const created = await submit(parseCreateAccount({ customerId: 'c', initialBalance }));
  assert(created.kind === 'accepted', 'the account is made');
  const { change } = created.event;
  assert(change.kind === 'account_created', 'the event made an account');
  const stored = () => journal.stored(book);
  return { journal, book, engine, submit, account: change.account.id, stored };
}

function stubHistory(stored: ReturnType<ReturnType<typeof createMemoryJournal>['stored']>) {
  return {
    /** Takes the last event back, as a failover that lost it would, and lets another follow. */
    replaceLastBy: async (follow: () => Promise<void>) => {
      const kept = stored.events.slice(0, -1);
      const state = createBookState(
        { ids: createMemoryBook().ids, idKey: new Uint8Array() },
        { sequence: 0 as Sequence, instant: stored.lastInstant },
      );
      for (const { event } of kept) applyEvent(state, event);
      stored.events.splice(0, stored.events.length, ...kept);
      stored.sequence = state.sequence;
      stored.chainHash = nextChainHash(
        genesisHash,
        kept.map((event) => event.bytes),
      );
      for (const account of state.accounts.values()) stored.accounts.set(account.id, account);
      for (const unit of state.units.values()) stored.units.set(unit.label, unit);
      await follow();
    },
  };
}

// oxlint-disable-next-line max-params -- a line of a test reads better without names
function credit(id: AccountId, amount: string, key: string, more = {}): Parsed<Command> {
  const terms = { reference: 'ref', idempotencyKey: key, ...more };
  return parsePostOneSided('credit', { account: { kind: 'id', id }, amount, ...terms });
}

function debit(id: AccountId, amount: string, key: string): Parsed<Command> {
  const terms = { reference: 'ref', idempotencyKey: key };
  return parsePostOneSided('debit', { account: { kind: 'id', id }, amount, ...terms });
}

function valueOf(command: Parsed<Command>): Command {
  assert(command.kind === 'parsed', 'the commands of the tests are well-formed');
  return command.value;
}
