// What a unit of work does between the head and COMMIT: load, decide, write.
import { present, type BookState, type Instant } from '@scrip/kernel';
import { bookAhead, type DueBounds } from './book-ahead.ts';
import { bookPeriodsAhead } from './book-periods-ahead.ts';
import { batchOf, decideGroups } from './decide-groups.ts';
import { loadWorkingSet, type LoadSource } from './load-working-set.ts';
import type { BatchOutcome } from './outcome.ts';
import type { EventCodec } from './port/event-codec.ts';
import type { CommittedBatch } from './port/feed-sink.ts';
import type { Seal } from './port/feed-source.ts';
import type { Batch } from './port/journal.ts';
import type { CommandGroup } from './waiting-queue.ts';

/** Outcomes by group, in the order of its commands; of the first groups where not all fitted. */
export type GroupOutcomes = readonly (readonly BatchOutcome[])[];

/** A batch whose COMMIT was sent and not confirmed: its seal in the book would prove it. */
export interface Doubt {
  readonly head: Seal;
  /** Absent: it was booked ahead, and decided nothing. */
  readonly outcomes?: GroupOutcomes;
}

/** What a unit of work comes to with its COMMIT. */
export interface Finished {
  readonly outcomes?: GroupOutcomes | undefined;
  /** Where it leaves the book. */
  readonly head: Seal & { readonly lastInstant: Instant };
  readonly state?: BookState;
  /** What was written, or that an earlier try turned out to have written it. */
  readonly written?: CommittedBatch | 'by_earlier_try';
  /** The batch that its commit would leave in the book, if it has one. */
  readonly doubt?: Doubt;
}

/** What groups are decided with, in a unit of work whose head is locked or expected. */
export interface UnitWork extends LoadSource {
  readonly codec: EventCodec;
  /** How much that is due comes with the commands; more is booked ahead. */
  readonly dueBounds?: DueBounds;
  /** Told when a batch is on its way to the journal: what is done now is done beside that. */
  readonly onWrite?: () => void;
}

/** Decides the groups on the head and writes what they came to: all, or the first that fit. */
export async function decideInUnit(
  work: UnitWork,
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
  { unit, head, onWrite }: UnitWork,
  decided: Pick<Finished, 'outcomes'> & { readonly batch: Batch; readonly state: BookState },
): Promise<Finished> {
  const { batch, state, outcomes } = decided;
  await unit.append(batch);
  onWrite?.();
  const seal = { sequence: batch.lastSequence, chainHash: batch.chainHash };
  const previous = { sequence: head.sequence, chainHash: head.chainHash };
  const written = { previous, seal, events: batch.events };
  const doubt = { head: seal, ...present('outcomes', outcomes) };
  return { outcomes, head: { ...seal, lastInstant: batch.instant }, state, written, doubt };
}
