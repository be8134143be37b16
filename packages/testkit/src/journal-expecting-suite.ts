// What every journal promises to who writes without the lock, in memory or on PostgreSQL.
import { assert, parseCreateAccount, parsePostOneSided, type Instant } from '@scrip/kernel';
import {
  createEngine,
  type Batch,
  type Expected,
  type LockedHead,
  type Outcome,
} from '@scrip/engine';
import { expect, it } from 'vitest';
import type { JournalUnderTest } from './journal-under-test.ts';

type Make = () => Promise<JournalUnderTest>;

/** Describes what a journal promises about expectations. `make` is called once for each test. */
export function describeExpecting(make: Make): void {
  it('writes a batch on the book that was expected, and tells the clock', async () => {
    const { head, appendTo, readHead } = await open(make);
    const clock = await appendTo({ head, newKey: 'new', latenessMsMax }, head.now);
    expect(clock).toBeGreaterThanOrEqual(head.now);
    expect(clock).toBeLessThanOrEqual(head.now + latenessMsMax);
    expect(Buffer.from((await readHead()).chainHash).equals(written)).toBe(true);
  });

  it.each<[string, (expected: Expected) => Expected, (now: number) => number]>([
    ['has gone on', (expected) => ({ ...expected, head: earlier(expected.head) }), same],
    ['has another history', (expected) => ({ ...expected, head: another(expected.head) }), same],
    ['knows a key', (expected) => ({ ...expected, newKey: 'known' }), same],
    ['shows an earlier time', (expected) => expected, (now) => now + 60_000],
    ['shows a much later time', (expected) => expected, (now) => now - latenessMsMax - 1],
  ])('writes nothing on a book that %s', async (_what, spoil, instantOf) => {
    const { head, appendTo, readHead } = await open(make);
    const expected = spoil({ head, newKey: 'new', latenessMsMax });
    expect(await appendTo(expected, instantOf(head.now) as Instant)).toBeUndefined();
    const { sequence, chainHash, lastInstant } = head;
    expect(await readHead()).toMatchObject({ sequence, chainHash, lastInstant });
  });

  it('waits for who has the lock, and writes nothing on what that left', async () => {
    const { journal, book, head, appendTo, submit } = await open(make);
    const isHeld = Promise.withResolvers<void>();
    const ending = Promise.withResolvers<void>();
    const holding = journal.transact(book, async (unit) => {
      await unit.lockHead();
      isHeld.resolve();
      await ending.promise;
      await unit.append(batchOn(head, head.now));
    });
    await isHeld.promise;
    const appending = appendTo({ head, newKey: undefined, latenessMsMax }, head.now);
    ending.resolve();
    await holding;
    expect(await appending).toBeUndefined();
    expect(await submit('after')).toMatchObject({ kind: 'accepted' });
  });
}

const latenessMsMax = 100;
const written = Buffer.alloc(32, 7);
const same = (now: number): number => now;

function earlier(head: LockedHead): LockedHead {
  return { ...head, sequence: (head.sequence - 1) as LockedHead['sequence'] };
}

function another(head: LockedHead): LockedHead {
  return { ...head, chainHash: Buffer.alloc(32, 9) };
}

/** A batch without events: the head tells whether it was written. */
function batchOn({ sequence }: LockedHead, instant: Instant): Batch {
  return {
    events: [],
    accounts: [],
    units: [],
    instant,
    lastSequence: (sequence + 1) as LockedHead['sequence'],
    chainHash: written,
  };
}

async function open(make: Make) {
  const { journal, codec, makeBook } = await make();
  const book = await makeBook();
  const engine = createEngine({ journal, codec });
  const made = parseCreateAccount({ customerId: 'c', externalId: 'x' });
  assert(made.kind === 'parsed', 'the command is well-formed');
  await engine.submit(book, made.value);
  const submit = (idempotencyKey: string): Promise<Outcome> => {
    const account = { kind: 'external_id', externalId: 'x' } as const;
    const terms = { reference: 'ref', idempotencyKey };
    const command = parsePostOneSided('credit', { account, amount: '1', ...terms });
    assert(command.kind === 'parsed', 'the command is well-formed');
    return engine.submit(book, command.value);
  };
  await submit('known');
  const readHead = () => journal.transact(book, (unit) => unit.lockHead());
  const head = await readHead();
  return {
    journal,
    book,
    head,
    submit,
    readHead,
    /** Answers after COMMIT, which does not wait for what is told of the write. */
    appendTo: async (expected: Expected, instant: Instant) => {
      let told: Promise<Instant | undefined> | undefined;
      await journal.transact(book, async (unit) => {
        told = unit.appendExpecting(expected, batchOn(expected.head, instant));
        told.catch(() => undefined);
      });
      return told;
    },
  };
}
