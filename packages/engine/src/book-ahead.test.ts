// What is due in great number: booked ahead of the commands of a flush, in commits of its own.
import {
  assert,
  instantFromMs,
  parseCreateAccount,
  parseCreateHold,
  parsePostOneSided,
  type Command,
  type Parsed,
} from '@scrip/kernel';
import {
  createMemoryAuditSource,
  createMemoryBook,
  createMemoryJournal,
  jsonEventCodec,
} from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import type { CommittedBatch } from './port/feed-sink.ts';
import { verifyBook } from './verify/verify-book.ts';

describe('much that is due', () => {
  it('is booked in parts before a command is judged, and all of it counts', async () => {
    const { account, post, stored, commits } = await openOverdue(3_500);
    const [outcome] = await post([debit(account, '3500')]);
    expect(outcome).toMatchObject({ kind: 'accepted', sequence: 7_002 });
    expect(commits.map(({ events }) => events.length)).toEqual([1_000, 1_000, 1_000, 501]);
    expect(stored().accounts.get(account)).toMatchObject({ balance: 0n, held: 0n, holds: [] });
  });

  it('is booked once for commands that are refused, not judged with each anew', async () => {
    const { account, post, stored, commits } = await openOverdue(100);
    const outcomes = await post(Array.from({ length: 500 }, () => debit(account, '101')));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['refused']));
    expect(commits.map(({ events }) => events.length)).toEqual([100]);
    expect(stored().accounts.get(account)?.held).toBe(0n);
  });

  it('is booked once for many commands where much else is live, however little it is', async () => {
    const { account, post, commits, expire } = await openOverdue(0, 2_000);
    await post(Array.from({ length: 1_999 }, () => hold(account, 86_400_000)));
    await post([hold(account)]);
    expire();
    const refused = await post(Array.from({ length: 500 }, () => debit(account, '2')));
    expect(new Set(refused.map(({ kind }) => kind))).toEqual(new Set(['refused']));
    expect(commits.map(({ events }) => events.length)).toEqual([1]);
  });

  it('comes with a command when it is little', async () => {
    const { account, post, commits } = await openOverdue(100);
    await post([debit(account, '100')]);
    expect(commits.map(({ events }) => events.length)).toEqual([101]);
  });

  it('comes before an atomic batch, whose events follow each other', async () => {
    const { account, post, commits } = await openOverdue(1_500);
    const outcomes = await post([debit(account, '1'), debit(account, '1')], 'atomic');
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    const kinds = commits.flatMap(({ events }) => events.map(({ event }) => event.change.kind));
    expect(kinds.slice(-2)).toEqual(['transaction_posted', 'transaction_posted']);
    expect(kinds.slice(0, -2)).toEqual(Array.from({ length: 1_500 }, () => 'hold_expired'));
  });

  it.each(['commit_lost', 'commit_done_answer_lost'] as const)(
    'is booked once when %s, and the command is judged after it',
    async (fault) => {
      const { account, post, stored, journal, verify } = await openOverdue(1_500);
      journal.faults.push(fault);
      const [outcome] = await post([debit(account, '1500')]);
      expect(outcome).toMatchObject({ kind: 'accepted', sequence: 3_002 });
      expect(stored().events).toHaveLength(3_002);
      expect(await verify()).toMatchObject({ kind: 'intact' });
    },
  );

  it('is no longer booked for a caller who has gone', async () => {
    const { account, post, journal, commits } = await openOverdue(3_500);
    const leaving = new AbortController();
    const now = journal.now;
    Object.defineProperty(journal, 'now', {
      get: () => {
        leaving.abort(new Error('Gone.'));
        return now;
      },
    });
    const posted = post([debit(account, '1')], 'independent', leaving.signal);
    await expect(posted).rejects.toThrow('Gone.');
    await expect.poll(() => commits.length).toBe(1);
  });
});

/** An account that has nothing but holds of 1, all of whose time is over. */
async function openOverdue(holdCount: number, balance = holdCount) {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const commits: CommittedBatch[] = [];
  const feed = {
    publish: (_: unknown, batch: CommittedBatch) => void commits.push(batch),
    nudge: () => undefined,
  };
  const engine = createEngine({ journal, codec: jsonEventCodec, feed });
  const made = parseCreateAccount({ customerId: 'c', initialBalance: String(balance) });
  await engine.submit(book, valueOf(made));
  const [account] = journal.stored(book).accounts.keys();
  assert(account !== undefined, 'the account was made');
  const post = (
    commands: readonly Parsed<Command>[],
    mode: 'independent' | 'atomic' = 'independent',
    signal?: AbortSignal,
  ) => engine.submitBatch(book, { mode, commands: commands.map(valueOf) }, signal);
  const expire = (): void => {
    journal.now = instantFromMs(journal.now + 3_600_000);
    commits.length = 0;
  };
  if (holdCount > 0) await post(Array.from({ length: holdCount }, () => hold(account)));
  expire();
  return {
    account,
    journal,
    commits,
    expire,
    post,
    stored: () => journal.stored(book),
    verify: () =>
      verifyBook(book, { source: createMemoryAuditSource(journal), codec: jsonEventCodec }),
  };
}

let keyCount = 0;

function named() {
  const idempotencyKey = `key ${++keyCount}`;
  return { reference: 'ref', idempotencyKey };
}

function hold(id: string, ttlMs = 300_000): Parsed<Command> {
  return parseCreateHold({ account: { kind: 'id', id }, amount: '1', ttlMs, ...named() });
}

function debit(id: string, amount: string): Parsed<Command> {
  return parsePostOneSided('debit', { account: { kind: 'id', id }, amount, ...named() });
}

function valueOf(command: Parsed<Command>): Command {
  assert(command.kind === 'parsed', 'the command is well-formed');
  return command.value;
}
