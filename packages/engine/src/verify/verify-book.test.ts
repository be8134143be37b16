// A verification finds an intact book intact, and names what was changed by hand.
import {
  commandOf,
  createMemoryAuditSource,
  createMemoryBook,
  createMemoryJournal,
  jsonEventCodec,
  noteSeen,
  nothingSeen,
  programs,
  termsCommandOf,
  termsPrograms,
  waitedMs,
  type Step,
  type TamperedBook,
  type TermsStep,
} from '@scrip/testkit';
import { assert, instantFromMs, postingOf, type AccountId } from '@scrip/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { genesisHash, nextChainHash } from '../chain-hash.ts';
import { createEngine } from '../engine.ts';
import { verifyBook } from './verify-book.ts';

const nobody = 'cca_nobody' as AccountId;

describe('verifyBook', () => {
  it('finds every book that the writer made intact', async () => {
    await fc.assert(
      fc.asyncProperty(programs(30), async (steps) => {
        const { journal, book } = await runProgram(steps);
        expect(await verify(journal, book)).toMatchObject({
          kind: 'intact',
          sequence: journal.stored(book).sequence,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('finds books with grants, holds and schedules intact', async () => {
    await fc.assert(
      fc.asyncProperty(termsPrograms(25), async (steps) => {
        const { journal, book } = await runTerms(steps);
        expect(await verify(journal, book)).toMatchObject({ kind: 'intact' });
      }),
      { numRuns: 50 },
    );
  });

  it('finds an empty book intact', async () => {
    const [journal, book] = [createMemoryJournal(), createMemoryBook()];
    expect(await verify(journal, book)).toEqual({ kind: 'intact', sequence: 0, accountCount: 0 });
  });

  it('tells how far it is', async () => {
    const { journal, book } = await someBook();
    const seen: number[] = [];
    await verifyBook(book, {
      source: createMemoryAuditSource(journal),
      codec: jsonEventCodec,
      onProgress: (sequence) => seen.push(sequence),
    });
    expect(seen).toEqual([...journal.stored(book).seals.keys()]);
  });

  const tamperings: readonly [string, (book: TamperedBook) => void, object][] = [
    [
      'a byte of an event',
      ({ events }) => {
        const bytes = Buffer.from(events[2]?.bytes ?? []);
        bytes[bytes.length - 5] = 0x39;
        replaceAt(events, 2, { bytes });
      },
      { place: 'seal', range: { first: 3, last: 3 } },
    ],
    [
      'a missing event',
      ({ events }) => events.splice(2, 1),
      { place: 'event', sequence: 3, range: { first: 3, last: 3 } },
    ],
    [
      'a seal',
      ({ seals }) => replaceAt(seals, 1, { chainHash: new Uint8Array(32).fill(9) }),
      { place: 'seal', range: { first: 2, last: 2 } },
    ],
    ['a missing seal at the end', ({ seals }) => seals.pop(), { place: 'event', sequence: 5 }],
    [
      'the amount of an entry',
      ({ entries }) => replaceAt(entries, 3, { amount: 99n }),
      { place: 'entry', sequence: 4 },
    ],
    [
      'a column of an event',
      ({ events }) => replaceAt(events, 2, { differingColumn: () => 'key_digest' }),
      { place: 'event', sequence: 3 },
    ],
    ['a missing entry', ({ entries }) => entries.splice(3, 1), { place: 'entry', sequence: 4 }],
    [
      'an entry of an unknown account',
      ({ entries }) =>
        entries.push(...entries.slice(0, 1).map((entry) => ({ ...entry, accountId: nobody }))),
      { place: 'entry' },
    ],
  ];
  it.each(tamperings)('names the place of %s', async (_, tamper, difference) => {
    const { journal, book } = await someBook();
    expect(await verify(journal, book, tamper)).toMatchObject({ kind: 'different', difference });
  });

  const termTamperings: readonly [string, (book: TamperedBook) => void, object][] = [
    ['a term that is over', ({ terms }) => replaceAt(terms, 0, { isLive: false }), { sequence: 5 }],
    ['a missing term', ({ terms }) => terms.splice(1, 1), { sequence: 5 }],
    [
      'a term of another account',
      ({ terms }) => replaceAt(terms, 0, { accountId: nobody }),
      { sequence: 5 },
    ],
    [
      'a change of a term',
      ({ termChanges }) => replaceAt(termChanges, 0, { isLive: false }),
      { sequence: 4 },
    ],
    ['a missing change', ({ termChanges }) => termChanges.splice(1, 1), { sequence: 5 }],
    [
      'a change of nothing',
      ({ termChanges }) =>
        termChanges.push(...termChanges.slice(0, 1).map((each) => ({ ...each, term: 1 as never }))),
      {},
    ],
  ];
  it.each(termTamperings)('names the place of %s', async (_, tamper, difference) => {
    // Events 1 to 3 make accounts, 4 a grant, and 5 a hold of it.
    const { journal, book } = await runTerms([
      { ...anyStep, kind: 'grant' },
      { ...anyStep, kind: 'hold' },
    ]);
    expect(await verify(journal, book, tamper)).toMatchObject({
      kind: 'different',
      difference: { place: 'term', ...difference },
    });
  });

  it('names the account whose balance was changed', async () => {
    const { journal, book } = await someBook();
    const { accounts } = journal.stored(book);
    const [[id, account] = []] = accounts;
    assert(id !== undefined && account !== undefined, 'the book has accounts');
    accounts.set(id, { ...account, balance: account.balance + 1n });
    expect(await verify(journal, book)).toMatchObject({
      kind: 'different',
      difference: { place: 'account', accountId: id },
    });
  });

  it('names the unit whose system balance was changed', async () => {
    const { journal, book } = await someBook();
    const { units } = journal.stored(book);
    const unit = units.get('credits');
    assert(unit !== undefined, 'the book has credits');
    units.set('credits', { ...unit, spent: 1_000n });
    expect(await verify(journal, book)).toMatchObject({
      kind: 'different',
      difference: { place: 'unit' },
    });
  });

  it('finds a history that breaks a rule, even when its seals were made to fit', async () => {
    const { journal, book } = await someBook();
    const stored = journal.stored(book);
    const forged = structuredClone(stored.events.at(-1)?.event);
    const [entry] = (forged && postingOf(forged)?.transaction.entries) ?? [];
    assert(forged !== undefined && entry !== undefined, 'the last event has an entry');
    Object.assign(entry, { balanceAfter: 1_000_000n });
    const bytes = jsonEventCodec.encode(forged);
    const before = [...stored.seals.values()].at(-2) ?? genesisHash;
    const source = createMemoryAuditSource(journal, ({ events, seals }) => {
      replaceAt(events, events.length - 1, { bytes });
      replaceAt(seals, seals.length - 1, { chainHash: nextChainHash(before, [bytes]) });
    });
    expect(await verifyBook(book, { source, codec: jsonEventCodec })).toMatchObject({
      kind: 'different',
      difference: { place: 'event', sequence: forged.sequence },
    });
  });
});

type Journal = ReturnType<typeof createMemoryJournal>;
type Book = ReturnType<typeof createMemoryBook>;

function verify(journal: Journal, book: Book, tamper?: (book: TamperedBook) => void) {
  const source = createMemoryAuditSource(journal, tamper);
  return verifyBook(book, { source, codec: jsonEventCodec });
}

function someBook() {
  return runProgram([
    { kind: 'create', account: 0, initialBalance: 10 },
    { kind: 'create', account: 1, initialBalance: 10 },
    { kind: 'credit', account: 0, amount: 5, key: 1 },
    { kind: 'debit', account: 1, amount: 3, key: 2 },
    { kind: 'credit', account: 1, amount: 3, key: 3 },
  ]);
}

const anyStep: Omit<TermsStep, 'kind'> = {
  account: 0,
  other: 1,
  amount: 5,
  back: 0,
  priority: 10,
  promotional: false,
  later: 0,
  life: 20,
  flag: false,
};

/** Runs a program on three accounts that have 10 each. */
async function runTerms(steps: readonly TermsStep[]) {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const engine = createEngine({ journal, codec: jsonEventCodec });
  const seen = nothingSeen();
  for (let n = 0; n < 3; n++) {
    await engine.submit(book, commandOf({ kind: 'create', account: n, initialBalance: 10 }, []));
  }
  const ids = [...journal.stored(book).accounts.keys()];
  for (const [index, each] of steps.entries()) {
    journal.now = instantFromMs(journal.now + 10 + waitedMs(each));
    const before = journal.stored(book).events.length;
    const command = termsCommandOf(each, { index, ids, now: journal.now, seen });
    if (command !== undefined) await engine.submit(book, command);
    for (const { event } of journal.stored(book).events.slice(before)) noteSeen(seen, event);
  }
  return { journal, book };
}

async function runProgram(steps: readonly Step[]) {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const engine = createEngine({ journal, codec: jsonEventCodec });
  for (const step of steps) {
    const ids = journal
      .stored(book)
      .events.flatMap(({ event }) => postingOf(event)?.transaction.id ?? []);
    await engine.submit(book, commandOf(step, ids));
  }
  return { journal, book };
}

function replaceAt<T>(items: T[], index: number, changes: Partial<T>): void {
  items[index] = { ...(items[index] as T), ...changes };
}
