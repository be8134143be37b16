// What the parts of one stream of events share.
import type { FeedAsker, FeedFilter, Seal } from '../port/feed-source.ts';
import type { Sequence } from '@scrip/kernel';
import { sameHash, sameSeal } from '../chain-hash.ts';
import type { Book } from '../port/book.ts';
import { isPassing } from '../port/journal.ts';
import type { BookFeed } from './book-feed.ts';
import type { FeedContext } from './feed-context.ts';
import type { FeedPosition } from './feed.ts';
import { FeedError } from './feed-error.ts';
import { createPatience } from './patience.ts';
import { pause } from './pause.ts';
import { during, type Heartbeat, type Watch } from './watch.ts';

/** One stream of events, and what it stands on. */
export interface HistoryStream {
  readonly context: FeedContext;
  readonly book: Book;
  readonly bookFeed: BookFeed;
  readonly watch: Watch;
  readonly filter: FeedFilter;
}

/** As whom a stream asks the source. */
export function askerOf({ scope }: FeedFilter): FeedAsker {
  return scope.kind === 'book' ? 'book_stream' : 'account_stream';
}

/**
 * Asks until the source answers, with heartbeats meanwhile. What trying again would not mend ends
 * the stream, and so do failures that go on for too long.
 */
export async function* askUntilAnswered<T>(
  { context, watch }: Pick<HistoryStream, 'context' | 'watch'>,
  ask: () => Promise<T>,
  position: () => FeedPosition,
): AsyncGenerator<Heartbeat, T> {
  const { retryMsMin, retryMsMax, patienceMs } = context.timing;
  const patience = createPatience(patienceMs);
  try {
    for (let delayMs = retryMsMin; ; delayMs = Math.min(2 * delayMs, retryMsMax)) {
      try {
        return yield* during(watch, ask(), position);
      } catch (error) {
        watch.throwIfEnded();
        if (!isPassing(error)) throw error;
        context.onSourceFailure(error);
        if (patience.fails()) throw new FeedError('unavailable', { cause: error });
      }
      yield* during(watch, pause(delayMs), position);
    }
  } finally {
    patience.rest();
  }
}

/** The seal that the feed of the book knows at this one's sequence. */
export function knownSeal(bookFeed: BookFeed, sequence: Sequence): Seal | undefined {
  const { seal } = bookFeed.tail();
  return seal.sequence === sequence ? seal : bookFeed.ring.sealAt(sequence);
}

/**
 * Whether the book's history still has this seal. `seen` are seals read no earlier than what it is
 * to prove: most often one of them tells without another question.
 */
export async function stillHas(
  { context, book, filter }: Pick<HistoryStream, 'context' | 'book' | 'filter'>,
  seal: Seal,
  seen: readonly Seal[],
): Promise<boolean> {
  if (seen.some((other) => sameSeal(other, seal))) return true;
  if (seen.some((other) => other.sequence === seal.sequence)) return false;
  const hash = await context.source.findSeal(book, seal.sequence, askerOf(filter));
  return hash !== undefined && sameHash(hash, seal.chainHash);
}
