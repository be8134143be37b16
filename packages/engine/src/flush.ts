// One flush: lock, fence, load, decide, write, commit. Nothing else is awaited under the lock.
import { present, type BookState, type RecordedEvent } from '@scrip/kernel';
import { bookAhead, type DueBounds } from './book-ahead.ts';
import { bookPeriodsAhead } from './book-periods-ahead.ts';
import type { BookCache } from './book-cache.ts';
import { sameHash } from './chain-hash.ts';
import { batchOf, decideGroups } from './decide-groups.ts';
import { distinctOf, loadWorkingSet } from './load-working-set.ts';
import type { BatchOutcome } from './outcome.ts';
import type { Book } from './port/book.ts';
import type { EventCodec } from './port/event-codec.ts';
import type { CommittedBatch } from './port/feed-sink.ts';
import type { Seal } from './port/feed-source.ts';
import {
  JournalError,
  type Batch,
  type Journal,
  type LockedHead,
  type UnitOfWork,
} from './port/journal.ts';
import type { CommandGroup } from './waiting-queue.ts';

/** Outcomes by group, in the order of its commands; of the first groups where not all fitted. */
export type GroupOutcomes = readonly (readonly BatchOutcome[])[];

/** A batch whose COMMIT was sent and not confirmed: its seal in the book would prove it. */
export interface Doubt {
  readonly head: Seal;
  /** Absent: it was booked ahead, and decided nothing. */
  readonly outcomes?: GroupOutcomes;
}

/** How a flush ended. A doubt that is still open is handed on: it is settled before answers. */
export type FlushResult =
  | {
      readonly kind: 'committed';
      readonly outcomes: GroupOutcomes;
      /** What was written, or that an earlier try turned out to have written it. */
      readonly written?: CommittedBatch | 'by_earlier_try';
    }
  | {
      /** So much was due that the first of it came in a commit of its own: flush again. */
      readonly kind: 'booked_ahead';
      readonly written?: CommittedBatch | 'by_earlier_try';
    }
  | { readonly kind: 'failed'; readonly error: unknown; readonly doubt?: Doubt };

/** What a flush of one book works with. */
export interface FlushContext {
  readonly book: Book;
  readonly journal: Journal;
  readonly codec: EventCodec;
  readonly cache: BookCache;
  /** How much that is due comes with the commands; more is booked ahead. */
  readonly dueBounds?: DueBounds;
  /** Told when the lock and the keys were asked for: what is done now is done beside that. */
  readonly onLock?: () => void;
  /** Told when a batch is on its way to the journal, likewise. */
  readonly onWrite?: () => void;
}

interface Finished {
  readonly outcomes?: GroupOutcomes | undefined;
  readonly head: Seal;
  readonly state?: BookState;
  readonly written?: CommittedBatch | 'by_earlier_try';
  /** The batch that its commit would leave in the book, if it has one. */
  readonly doubt?: Doubt;
}

/**
 * Decides the groups and makes them durable, in one unit of work: all of them, or as many of the
 * first ones as fit into it. With an open `doubt` about the
 * same groups it first looks, under the lock, for the seal of the earlier try: there, the
 * first decisions stand; not there, the commands are judged anew.
 */
export async function flush(
  context: FlushContext,
  groups: readonly CommandGroup[],
  openDoubt?: Doubt,
): Promise<FlushResult> {
  const { book, journal, cache } = context;
  let doubt = openDoubt;
  let finished: Finished | undefined;
  try {
    const committed = await journal.transact(book, async (unit) => {
      const { head, recorded } = await lockAndFindKeys({ ...context, unit }, groups);
      if (doubt !== undefined && (await isInBook(unit, doubt))) {
        finished = await endDoubt(unit, head, doubt);
        return finished;
      }
      // The lock was granted, so the earlier try has ended: without its seal it wrote nothing.
      doubt = undefined;
      finished = await decideUnderLock({ ...context, unit, head, recorded }, groups);
      return finished;
    });
    if (committed.state === undefined) cache.drop();
    else cache.takeOver(committed.state, committed.head);
    const { outcomes, written } = committed;
    if (outcomes === undefined) return { kind: 'booked_ahead', ...present('written', written) };
    return { kind: 'committed', outcomes, ...present('written', written) };
  } catch (error) {
    cache.drop();
    const unknown = error instanceof JournalError && error.outcome === 'unknown';
    const open = unknown ? finished?.doubt : doubt;
    return { kind: 'failed', error, ...(open === undefined ? {} : { doubt: open }) };
  }
}

interface Locked {
  readonly head: LockedHead;
  /** The events that the keys of the commands at hand made before. */
  readonly recorded: readonly RecordedEvent[];
}

// Keys for every batch, since memory never decides that a key is new; and together with the lock,
// behind which they are looked up: so they cost no time of their own.
async function lockAndFindKeys(
  { unit, onLock }: Pick<FlushContext, 'onLock'> & { readonly unit: UnitOfWork },
  groups: readonly CommandGroup[],
): Promise<Locked> {
  const commands = groups.flatMap((group) => group.commands);
  const keys = distinctOf(commands, (command) => command.idempotencyKey);
  const asked = Promise.all([unit.lockHead(), keys.length === 0 ? [] : unit.findEventsByKey(keys)]);
  onLock?.();
  const [head, recorded] = await asked;
  return { head, recorded };
}

async function isInBook(unit: UnitOfWork, doubt: Doubt): Promise<boolean> {
  const seal = await unit.findSeal(doubt.head.sequence);
  return seal !== undefined && sameHash(seal, doubt.head.chainHash);
}

async function endDoubt(unit: UnitOfWork, head: LockedHead, doubt: Doubt): Promise<Finished> {
  // A commit can be visible here and not yet on a synchronous standby: a write of our own waits.
  await unit.touchHead();
  return { outcomes: doubt.outcomes, head, doubt, written: 'by_earlier_try' };
}

async function decideUnderLock(
  work: FlushContext & { readonly unit: UnitOfWork } & Locked,
  taken: readonly CommandGroup[],
): Promise<Finished> {
  const { unit, head, cache } = work;
  cache.fence(head);
  const { loaded, groups } = await loadWorkingSet(work, taken);
  const commands = groups.flatMap((group) => group.commands);
  const ahead = bookAhead(loaded, commands, work.dueBounds) ?? bookPeriodsAhead(loaded, commands);
  if (ahead !== undefined) {
    const events = ahead.events.map((event) => ({ event, bytes: work.codec.encode(event) }));
    const batch = batchOf(events, { before: loaded, after: ahead.state, head });
    return write(work, { batch, state: ahead.state });
  }
  const { outcomes, state, batch } = decideGroups(loaded, groups, work);
  if (batch === undefined) {
    // A replay tells of an earlier commit: it waits for the standby as that one did.
    if (outcomes.flat().some(({ kind }) => kind === 'replayed')) await unit.touchHead();
    return { outcomes, head, state };
  }
  return write(work, { batch, state, outcomes });
}

async function write(
  {
    unit,
    head,
    onWrite,
  }: Pick<FlushContext, 'onWrite'> & {
    readonly unit: UnitOfWork;
    readonly head: LockedHead;
  },
  decided: Pick<Finished, 'outcomes'> & { readonly batch: Batch; readonly state: BookState },
): Promise<Finished> {
  const { batch, state, outcomes } = decided;
  await unit.append(batch);
  onWrite?.();
  const seal = { sequence: batch.lastSequence, chainHash: batch.chainHash };
  const previous = { sequence: head.sequence, chainHash: head.chainHash };
  const written = { previous, seal, events: batch.events };
  const doubt = { head: seal, ...present('outcomes', outcomes) };
  return { outcomes, head: seal, state, written, doubt };
}
