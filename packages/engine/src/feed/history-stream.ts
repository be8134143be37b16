// What the parts of one stream of events share.
import type { FeedFilter, Seal } from '../port/feed-source.ts';
import type { Sequence } from '@scrip/kernel';
import { sameHash } from '../chain-hash.ts';
import type { Book } from '../port/book.ts';
import { JournalError } from '../port/journal.ts';
import type { BookFeed } from './book-feed.ts';
import type { FeedContext } from './feed-context.ts';
import type { FeedPosition } from './feed.ts';
import { sameSeal } from './sealed-position.ts';
import { during, type Heartbeat, type Watch } from './watch.ts';

/** One stream of events, and what it stands on. */
export interface HistoryStream {
  readonly context: FeedContext;
  readonly book: Book;
  readonly bookFeed: BookFeed;
  readonly watch: Watch;
  readonly filter: FeedFilter;
}

/** Asks until the source answers, with heartbeats meanwhile. Failures of other kinds are bugs. */
export async function* askUntilAnswered<T>(
  { context, watch }: Pick<HistoryStream, 'context' | 'watch'>,
  ask: () => Promise<T>,
  position: () => FeedPosition,
): AsyncGenerator<Heartbeat, T> {
  const { retryMsMin, retryMsMax } = context.timing;
  for (let delayMs = retryMsMin; ; delayMs = Math.min(2 * delayMs, retryMsMax)) {
    try {
      return yield* during(watch, ask(), position);
    } catch (error) {
      watch.throwIfEnded();
      if (!(error instanceof JournalError)) throw error;
      context.onSourceFailure(error);
    }
    yield* during(watch, pause(delayMs), position);
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
  { context, book }: Pick<HistoryStream, 'context' | 'book'>,
  seal: Seal,
  seen: readonly Seal[],
): Promise<boolean> {
  if (seen.some((other) => sameSeal(other, seal))) return true;
  if (seen.some((other) => other.sequence === seal.sequence)) return false;
  const hash = await context.source.findSeal(book, seal.sequence);
  return hash !== undefined && sameHash(hash, seal.chainHash);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
