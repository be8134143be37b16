// Reads a stream's history from the source until it is where the live events go on.
import { sameSeal } from '../chain-hash.ts';
import type { FeedItem, FeedPosition } from './feed.ts';
import { FeedError } from './feed-error.ts';
import { eventsUpTo, feedEventsOf } from './feed-events.ts';
import type { FeedBounds } from './feed-limits.ts';
import {
  askerOf,
  askUntilAnswered,
  knownSeal,
  stillHas,
  type HistoryStream,
} from './history-stream.ts';
import type { LiveEvents } from './live-events.ts';
import type { SealedPosition } from './sealed-position.ts';
import type { HistoryPage, Seal } from '../port/feed-source.ts';

/**
 * Gives what lies between a position and the live events, and joins these. First it says from where
 * the live events will be there, then it reads: so nothing falls between them. Each page is proved
 * by seals that are found after it was read, so that no other history is ever mixed in.
 */
export async function* catchUp(
  stream: HistoryStream,
  live: LiveEvents,
  start: FeedPosition,
): AsyncGenerator<FeedItem, void> {
  let position = start;
  for (;;) {
    if (isAhead(stream, position)) yield* awaitTail(stream, position);
    const tail = live.arm();
    if (joinsAtOnce(stream, live, position)) return live.join(position);
    const read = yield* readOn(stream, { live, tail, position });
    position = read.position;
    if (read.events !== undefined) yield read.events;
    stream.watch.throwIfEnded();
    // While the events were being sent the live ones may have gone on without it.
    if (read.isJoining && live.covers(position.sequence)) return live.join(position);
  }
}

/** Whether the position was read from the source and has not been heard of here yet. */
function isAhead({ bookFeed }: HistoryStream, { sequence, seal }: FeedPosition): boolean {
  return seal !== undefined && sequence > bookFeed.tail().sequence;
}

async function* awaitTail(
  stream: HistoryStream,
  position: FeedPosition,
): AsyncGenerator<FeedItem, void> {
  yield* askUntilAnswered(
    stream,
    () => stream.bookFeed.fresh(),
    () => position,
  );
}

function joinsAtOnce(stream: HistoryStream, live: LiveEvents, position: FeedPosition): boolean {
  if (!live.covers(position.sequence)) return false;
  if (position.seal === undefined) return true;
  const known = knownSeal(stream.bookFeed, position.seal.sequence);
  return known !== undefined && sameSeal(known, position.seal);
}

interface Reading {
  readonly live: LiveEvents;
  /** Where the live events begin. */
  readonly tail: SealedPosition;
  readonly position: FeedPosition;
}

interface Read {
  readonly position: SealedPosition;
  readonly events: FeedItem | undefined;
  /** Whether the live events go on from there. */
  readonly isJoining: boolean;
}

async function* readOn(
  stream: HistoryStream,
  { live, tail, position }: Reading,
): AsyncGenerator<FeedItem, Read> {
  const { context, book, bookFeed, filter } = stream;
  const where = (): FeedPosition => position;
  const asker = askerOf(filter);
  const query = { filter, after: position.sequence, asker, ...pageBoundsOf(context.bounds) };
  const read = (): Promise<HistoryPage> => context.source.readHistory(book, query);
  const page = yield* askUntilAnswered(stream, read, where);
  const has = (seal: Seal) => () => stillHas(stream, seal, [page.seal, page.head]);
  const { seal } = position;
  if (seal !== undefined && !(yield* askUntilAnswered(stream, has(seal), where))) {
    bookFeed.nudge();
    throw new FeedError('history_diverged', { headSequence: page.head.sequence });
  }
  const isJoining = live.covers(page.scannedTo) && position.sequence <= tail.sequence;
  if (isJoining && !(yield* askUntilAnswered(stream, has(tail.seal), where))) {
    bookFeed.diverge(page.head.sequence);
    stream.watch.throwIfEnded();
  }
  // Beyond the tail nothing is proved yet; the live events will bring it.
  const isBeyond = isJoining && page.scannedTo > tail.sequence;
  const end = isBeyond ? tail : { sequence: page.scannedTo, seal: page.seal };
  return { position: end, events: eventsOf(stream, page, end), isJoining };
}

function pageBoundsOf({ pageEventCountMax, pageBytesMax }: FeedBounds) {
  return { countMax: pageEventCountMax, bytesMax: pageBytesMax };
}

function eventsOf(
  { context }: HistoryStream,
  page: HistoryPage,
  end: SealedPosition,
): FeedItem | undefined {
  const events = feedEventsOf(page, context.codec).filter((each) => each.sequence <= end.sequence);
  const last = events.at(-1);
  return last && eventsUpTo(events, { sequence: last.sequence, seal: end.seal });
}
