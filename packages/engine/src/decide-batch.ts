// A batch of commands, decided in order on one working set.
import {
  applyAccepted,
  decide,
  requestDigest,
  type BookEvent,
  type BookState,
  type Command,
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
  const outcomes = commands.map((command) => decideOne(state, command, context.codec, events));
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

function decideOne(
  state: BookState,
  command: Command,
  codec: EventCodec,
  events: EncodedEvent[],
): Outcome {
  const decision = decide(state, command);
  if (decision.kind === 'refused') {
    return { kind: 'refused', refusal: decision, sequence: state.sequence };
  }
  const { event } = decision;
  if (decision.kind === 'accepted') {
    const digest = command.idempotencyKey === undefined ? undefined : requestDigest(state, command);
    events.push({
      event,
      bytes: codec.encode(event),
      ...(digest === undefined ? {} : { requestDigest: digest }),
    });
    applyAccepted(state, decision, digest);
  }
  const personal = personalOf(state, event);
  return {
    kind: decision.kind,
    event,
    ...(personal === undefined ? {} : { personal }),
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
