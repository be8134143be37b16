// Groups of commands, decided in order on one working set.
import {
  applyAccepted,
  decide,
  eventsOf,
  present,
  requestDigest,
  type BookState,
  type Command,
  type Decision,
  type Instant,
  type PersonalFields,
  type BookEvent,
} from '@scrip/kernel';
import { nextChainHash } from './chain-hash.ts';
import { batchBytesMax } from './limits.ts';
import type { BatchOutcome, Outcome } from './outcome.ts';
import type { EventCodec } from './port/event-codec.ts';
import type { Batch, EncodedEvent, LockedHead } from './port/journal.ts';
import { createUndoableState, type UndoableState } from './undoable-state.ts';
import type { CommandGroup } from './waiting-queue.ts';

/** What the groups came to, and what is to be written for it: nothing if nothing was accepted. */
export interface DecidedGroups {
  /** Outcomes by group, in the order of its commands; of the first groups if those are enough. */
  readonly outcomes: readonly (readonly BatchOutcome[])[];
  /** The working set after them. */
  readonly state: BookState;
  readonly batch?: Batch;
}

/**
 * Decides groups one after another; each command sees what those before it changed. The groups that
 * come after very many bytes of events are left undecided.
 */
export function decideGroups(
  loaded: BookState,
  groups: readonly CommandGroup[],
  context: { readonly head: LockedHead; readonly codec: EventCodec },
): DecidedGroups {
  const undoable = createUndoableState(loaded);
  const { state } = undoable;
  const events: EncodedEvent[] = [];
  const deciding = { ...context, events };
  const outcomes: (readonly BatchOutcome[])[] = [];
  let byteCount = 0;
  for (const group of groups) {
    if (byteCount > batchBytesMax) break;
    const { length } = events;
    outcomes.push(decideGroup(undoable, group, deciding));
    for (let at = length; at < events.length; at++) byteCount += events[at]?.bytes.length ?? 0;
  }
  if (events.length === 0) return { outcomes, state };
  const batch = batchOf(events, { before: loaded, after: state, head: context.head });
  return { outcomes, state, batch };
}

/** What is to be written for events that led from one working set to another. */
export function batchOf(
  events: readonly EncodedEvent[],
  moved: { readonly before: BookState; readonly after: BookState; readonly head: LockedHead },
): Batch {
  const { before, after, head } = moved;
  const eventBytes = events.map((encoded) => encoded.bytes);
  return {
    events,
    accounts: changedValues(before.accounts, after.accounts),
    units: changedValues(before.units, after.units),
    ...present('clockNow', clockNowOf(events)),
    instant: after.instant,
    lastSequence: after.sequence,
    chainHash: nextChainHash(head.chainHash, eventBytes),
  };
}

/** What the clock of a test book shows from the next batch on, if it was moved. */
function clockNowOf(events: readonly EncodedEvent[]): Instant | undefined {
  const change = events.at(-1)?.event.change;
  return change?.kind === 'clock_advanced' ? change.now : undefined;
}

interface Deciding {
  readonly codec: EventCodec;
  /** Of all groups so far. */
  readonly events: EncodedEvent[];
}

function decideGroup(
  { state, mark }: UndoableState,
  group: CommandGroup,
  deciding: Deciding,
): readonly BatchOutcome[] {
  const { commands, mode } = group;
  if (mode === 'independent' || commands.length === 1) {
    return commands.map((command) => decideCommand(state, command, deciding));
  }
  // An atomic group leaves nothing behind if one of its commands is refused.
  const undo = mark();
  const eventCountBefore = deciding.events.length;
  const outcomes: Outcome[] = [];
  for (const command of commands) {
    const outcome = decideCommand(state, command, deciding);
    outcomes.push(outcome);
    if (outcome.kind !== 'refused') continue;
    undo();
    deciding.events.length = eventCountBefore;
    return notApplied(state, group, outcomes);
  }
  return outcomes;
}

function decideCommand(state: BookState, command: Command, { codec, events }: Deciding): Outcome {
  const decision = decide(state, command);
  if (decision.kind === 'accepted') {
    const digest = command.idempotencyKey && requestDigest(state, command);
    for (const event of eventsOf(decision)) {
      const encoded = { event, bytes: codec.encode(event) };
      const isOfCaller = digest !== undefined && event === decision.event;
      events.push(isOfCaller ? { ...encoded, requestDigest: digest } : encoded);
    }
    applyAccepted(state, decision, digest);
  }
  return outcomeOf(state, decision);
}

/** Nothing of the group: the refused command hears why, the others that they were not applied. */
function notApplied(
  state: BookState,
  group: CommandGroup,
  judged: readonly Outcome[],
): readonly BatchOutcome[] {
  const { sequence } = state;
  return group.commands.map((_, index): BatchOutcome => {
    const outcome = judged[index];
    if (outcome?.kind === 'refused') return { ...outcome, sequence };
    // A replay of a command of this very group falls with it.
    const stands = outcome?.kind === 'replayed' && outcome.sequence <= sequence;
    return stands ? outcome : { kind: 'not_applied', sequence };
  });
}

function outcomeOf(state: BookState, decision: Decision): Outcome {
  if (decision.kind === 'unchanged') return { kind: 'unchanged', sequence: state.sequence };
  if (decision.kind === 'refused') {
    return { kind: 'refused', refusal: decision, sequence: state.sequence };
  }
  const { kind, event } = decision;
  const outcome = { kind, event, sequence: event.sequence };
  const personal = personalOf(state, event);
  return personal === undefined ? outcome : { ...outcome, personal };
}

function personalOf(state: BookState, { change }: BookEvent): PersonalFields | undefined {
  return 'account' in change ? state.accounts.get(change.account.id)?.personal : undefined;
}

function changedValues<K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): readonly V[] {
  const changed: V[] = [];
  for (const [key, value] of after) if (before.get(key) !== value) changed.push(value);
  return changed;
}
