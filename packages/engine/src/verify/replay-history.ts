// The history, replayed: density, the chain of seals, and every rule that an event must keep.
import {
  applyEvent,
  createBookState,
  instantFromMs,
  type BookEvent,
  type BookState,
  type Sequence,
} from '@scrip/kernel';
import { genesisHash, nextChainHash, sameHash } from '../chain-hash.ts';
import type { BookSnapshot, StoredEvent, StoredSeal } from '../port/audit-source.ts';
import type { Book } from '../port/book.ts';
import type { EventCodec } from '../port/event-codec.ts';
import { brokenRule, termsBefore } from './check-rules.ts';
import { createCouponRecords, noteCoupons, type CouponRecords } from './coupon-records.ts';
import { DifferenceFound, expectSame } from './difference.ts';
import { createEntryDigests, type EntryDigests } from './entry-digests.ts';
import { noteTerms, type TermRecords } from './term-records.ts';

/** What the events make of a book. */
export interface ReplayedBook {
  readonly state: BookState;
  readonly chainHash: Uint8Array;
  readonly entryDigests: EntryDigests;
  readonly terms: TermRecords;
  readonly coupons: CouponRecords;
}

/** What a replay reads from, and whom it tells how far it is. */
export interface ReplayOptions {
  readonly book: Book;
  readonly codec: EventCodec;
  readonly snapshot: BookSnapshot;
  readonly onSealed?: (sequence: Sequence) => void;
}

/** Replays a book from its first event. Throws the first difference. */
export async function replayHistory(options: ReplayOptions): Promise<ReplayedBook> {
  const head = { sequence: 0 as Sequence, instant: instantFromMs(0) };
  const state = createBookState(options.book, head);
  const entryDigests = createEntryDigests();
  const terms: TermRecords = new Map();
  const coupons = createCouponRecords();
  let chainHash = genesisHash;
  const events = options.snapshot.events()[Symbol.asyncIterator]();
  for await (const seal of options.snapshot.seals()) {
    const stored = await takeSealed(events, state.sequence, seal);
    chainHash = checkSeal(chainHash, stored, { seal, sequence: state.sequence });
    for (const event of stored) {
      const replayed = replayEvent({ state, coupons }, event, { seal, codec: options.codec });
      entryDigests.add(replayed);
      noteTerms(terms, replayed);
    }
    options.onSealed?.(state.sequence);
  }
  const beyond = await events.next();
  expectSame(beyond.done === true, {
    place: 'event',
    message: 'An event is in no sealed range.',
    ...(beyond.done === true ? {} : { sequence: beyond.value.sequence }),
  });
  return { state, chainHash, entryDigests, terms, coupons };
}

async function takeSealed(
  events: AsyncIterator<StoredEvent>,
  previous: Sequence,
  seal: StoredSeal,
): Promise<readonly StoredEvent[]> {
  const range = { first: (previous + 1) as Sequence, last: seal.lastSequence };
  expectSame(range.last >= range.first, {
    place: 'seal',
    message: `A seal ends at ${range.last}, not after ${previous}.`,
    range,
  });
  const stored: StoredEvent[] = [];
  for (let sequence = range.first; sequence <= range.last; sequence++) {
    const next = await events.next();
    expectSame(next.done !== true && next.value.sequence === sequence, {
      place: 'event',
      message: `Event ${sequence} is missing.`,
      range,
      sequence,
    });
    stored.push(next.value);
  }
  return stored;
}

function checkSeal(
  previousHash: Uint8Array,
  stored: readonly StoredEvent[],
  { seal, sequence }: { readonly seal: StoredSeal; readonly sequence: Sequence },
): Uint8Array {
  const range = { first: (sequence + 1) as Sequence, last: seal.lastSequence };
  const hash = nextChainHash(
    previousHash,
    stored.map((event) => event.bytes),
  );
  expectSame(sameHash(hash, seal.chainHash), {
    place: 'seal',
    message: `The events ${range.first} to ${range.last} do not make their seal.`,
    range,
  });
  return hash;
}

/** Decodes and applies one event; a broken rule is a difference at its sequence. */
function replayEvent(
  { state, coupons }: Pick<ReplayedBook, 'state' | 'coupons'>,
  stored: StoredEvent,
  { seal, codec }: { readonly seal: StoredSeal; readonly codec: EventCodec },
): BookEvent {
  const { sequence } = stored;
  const differs = (message: string): never => {
    throw new DifferenceFound({ place: 'event', message, sequence });
  };
  try {
    const event = codec.decode(stored.bytes);
    if (event.sequence !== sequence) differs(`Event ${sequence} says it is ${event.sequence}.`);
    if (event.createdAt !== seal.createdAt) {
      differs(`Event ${sequence} has another instant than its seal.`);
    }
    const column = stored.differingColumn(event);
    if (column !== undefined) differs(`Event ${sequence} has another ${column} in its row.`);
    state.instant = event.createdAt;
    const before = termsBefore(state, event);
    applyEvent(state, event);
    const broken = brokenRule(state, event, before) ?? noteCoupons(coupons, state.ids, event);
    if (broken !== undefined) differs(`Event ${sequence} ${broken}.`);
    forget(state);
    return event;
  } catch (error) {
    if (error instanceof DifferenceFound) throw error;
    const reason = error instanceof Error ? error.message : 'unreadable';
    return differs(`Event ${sequence} cannot be replayed: ${reason}`);
  }
}

/** Decisions need these, a replay does not: they would hold the whole history in memory. */
function forget(state: BookState): void {
  state.eventsByTransactionId.clear();
  state.reversalsByTransactionId.clear();
  state.endingsById.clear();
  // Those that are live stay with their accounts.
  state.grants.clear();
  state.holds.clear();
  state.schedules.clear();
  // What is asserted of the others is checked by what is noted of them.
  const { codes, codeIds, credits, redemptions, lastEvents } = state.coupons;
  for (const map of [codes, codeIds, credits, redemptions, lastEvents]) map.clear();
}
