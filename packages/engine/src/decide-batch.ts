// A batch of commands, decided in order on one working set.
import {
  applyAccepted,
  decide,
  requestDigest,
  type BookEvent,
  type BookState,
  present,
  type Command,
  type Decision,
  type PersonalFields,
} from '@scrip/kernel';
import { nextChainHash } from './chain-hash.ts';
import type { Outcome } from './outcome.ts';
import type { EventCodec } from './port/event-codec.ts';
import type { Batch, EncodedEvent, LockedHead } from './port/journal.ts';

/** What the commands came to, and what is to be written for it: nothing if none was accepted. */
export interface DecidedBatch {
  readonly outcomes: readonly Outcome[];
  readonly batch?: Batch;
}

/** Decides commands one after another; each sees what those before it changed. */
export function decideBatch(
  state: BookState,
  commands: readonly Command[],
  context: { readonly head: LockedHead; readonly codec: EventCodec },
): DecidedBatch {
  const accountsBefore = new Map(state.accounts);
  const unitsBefore = new Map(state.units);
  const events: EncodedEvent[] = [];
  const outcomes = commands.map((command) => {
    const decision = decide(state, command);
    if (decision.kind === 'accepted') {
      const digest = command.idempotencyKey && requestDigest(state, command);
      const bytes = context.codec.encode(decision.event);
      events.push({ event: decision.event, bytes, ...present('requestDigest', digest) });
      applyAccepted(state, decision, digest);
    }
    return outcomeOf(state, decision);
  });
  if (events.length === 0) return { outcomes };
  const eventBytes = events.map((encoded) => encoded.bytes);
  const batch = {
    events,
    accounts: changedValues(accountsBefore, state.accounts),
    units: changedValues(unitsBefore, state.units),
    instant: state.instant,
    lastSequence: state.sequence,
    chainHash: nextChainHash(context.head.chainHash, eventBytes),
  };
  return { outcomes, batch };
}

function outcomeOf(state: BookState, decision: Decision): Outcome {
  if (decision.kind === 'refused') {
    return { kind: 'refused', refusal: decision, sequence: state.sequence };
  }
  const { kind, event } = decision;
  return {
    kind,
    event,
    ...present('personal', personalOf(state, event)),
    sequence: event.sequence,
  };
}

function personalOf(state: BookState, event: BookEvent): PersonalFields | undefined {
  const { change } = event;
  if (change.kind === 'transaction_posted') return undefined;
  return state.accounts.get(change.account.id)?.personal;
}

function changedValues<K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): readonly V[] {
  return [...after].filter(([key, value]) => before.get(key) !== value).map(([, value]) => value);
}
