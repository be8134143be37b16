// One flush: lock, fence, load, decide, write, commit. Nothing else is awaited under the lock.
import { present, type Instant, type RecordedEvent } from '@scrip/kernel';
import type { BookCache } from './book-cache.ts';
import { sameHash } from './chain-hash.ts';
import {
  decideInUnit,
  type Doubt,
  type Finished,
  type GroupOutcomes,
  type UnitWork,
} from './decide-in-unit.ts';
import type { Expectation } from './expectation.ts';
import { latenessMsMax } from './limits.ts';
import { distinctOf } from './load-working-set.ts';
import type { Book } from './port/book.ts';
import type { CommittedBatch } from './port/feed-sink.ts';
import {
  isPassing,
  JournalError,
  type Journal,
  type LockedHead,
  type UnitOfWork,
} from './port/journal.ts';
import type { CommandGroup } from './waiting-queue.ts';

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
export interface FlushContext extends Pick<UnitWork, 'codec' | 'dueBounds' | 'onWrite'> {
  readonly book: Book;
  readonly journal: Journal;
  readonly cache: BookCache;
  readonly expectation: Expectation;
  /** Told when the lock and the keys were asked for: what is done now is done beside that. */
  readonly onLock?: () => void;
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
  const mayExpect = openDoubt === undefined && isAlone(groups);
  const head = mayExpect ? context.expectation.head() : undefined;
  if (head !== undefined) {
    const result = await flushExpecting(context, groups, head);
    if (result !== undefined) {
      context.expectation.wasMet();
      return result;
    }
    context.expectation.wasMissed();
  }
  return flushUnderLock(context, groups, openDoubt);
}

/** Whether it is one command of one caller, who waits for nothing but the database. */
function isAlone(groups: readonly CommandGroup[]): boolean {
  const [group, ...others] = groups;
  if (group?.commands.length !== 1 || others.length > 0) return false;
  // How far a clock is moved is reckoned from where it stands, to the millisecond.
  return group.commands[0]?.kind !== 'advance_clock';
}

/**
 * Decides on the head that is expected, and has the write itself look whether it is there: one wait
 * for the database instead of two. Nothing comes of it, and no answer, if it is not.
 */
async function flushExpecting(
  context: FlushContext,
  groups: readonly CommandGroup[],
  head: LockedHead,
): Promise<FlushResult | undefined> {
  const [newKey] = keysOf(groups);
  let finished: Finished | undefined;
  let now: Promise<Instant | undefined> | undefined;
  try {
    const committed = await context.journal.transact(context.book, async (unit) => {
      const append: UnitOfWork['append'] = async (batch) => {
        now = unit.appendExpecting({ head, newKey, latenessMsMax }, batch);
        // COMMIT tells of it.
        now.catch(() => undefined);
      };
      const appending = { ...context, unit: { ...unit, append }, head, recorded: [] };
      finished = await decideInUnit(appending, groups);
      if (now !== undefined) return finished;
      // Nothing is written, so that nothing would look: the lock does.
      const locked = await lockAndFindKeys({ ...context, unit }, groups);
      now = Promise.resolve(locked.head.now);
      finished = await decideInUnit({ ...context, unit, ...locked }, groups);
      return finished;
    });
    const clock = await now;
    return clock === undefined ? undefined : conclude(context, committed, clock);
  } catch (error) {
    // What cannot be judged so is judged under the lock. What passes is tried again like any other.
    if (!isPassing(error)) return undefined;
    return fail(context, error, isUnknown(error) ? finished?.doubt : undefined);
  }
}

async function flushUnderLock(
  context: FlushContext,
  groups: readonly CommandGroup[],
  openDoubt?: Doubt,
): Promise<FlushResult> {
  let doubt = openDoubt;
  let finished: Finished | undefined;
  let now: Instant | undefined;
  try {
    const committed = await context.journal.transact(context.book, async (unit) => {
      const locked = await lockAndFindKeys({ ...context, unit }, groups);
      ({ now } = locked.head);
      if (doubt !== undefined && (await isInBook(unit, doubt))) {
        finished = await endDoubt(unit, locked.head, doubt);
        return finished;
      }
      // The lock was granted, so the earlier try has ended: without its seal it wrote nothing.
      doubt = undefined;
      finished = await decideInUnit({ ...context, unit, ...locked }, groups);
      return finished;
    });
    return conclude(context, committed, now);
  } catch (error) {
    return fail(context, error, isUnknown(error) ? finished?.doubt : doubt);
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof JournalError && error.outcome === 'unknown';
}

/** Remembers what was committed. */
function conclude(
  { cache, expectation }: FlushContext,
  { state, head, outcomes, written }: Finished,
  now: Instant | undefined,
): FlushResult {
  if (state === undefined || now === undefined) {
    cache.drop();
    expectation.drop();
  } else {
    cache.takeOver(state, head);
    expectation.note({ ...head, now });
  }
  if (outcomes === undefined) return { kind: 'booked_ahead', ...present('written', written) };
  return { kind: 'committed', outcomes, ...present('written', written) };
}

function fail(
  { cache, expectation }: FlushContext,
  error: unknown,
  doubt: Doubt | undefined,
): FlushResult {
  cache.drop();
  expectation.drop();
  return { kind: 'failed', error, ...present('doubt', doubt) };
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
  const keys = keysOf(groups);
  const asked = Promise.all([unit.lockHead(), keys.length === 0 ? [] : unit.findEventsByKey(keys)]);
  onLock?.();
  const [head, recorded] = await asked;
  return { head, recorded };
}

function keysOf(groups: readonly CommandGroup[]): readonly string[] {
  const commands = groups.flatMap((group) => group.commands);
  return distinctOf(commands, (command) => command.idempotencyKey);
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
