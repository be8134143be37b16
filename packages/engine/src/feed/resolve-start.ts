// Where a stream of events begins, and whether the history behind that place is still the same.
import type { Sequence } from '@scrip/kernel';
import { genesisHash } from '../chain-hash.ts';
import { FeedError } from './feed-error.ts';
import type { FeedPosition, FeedStart } from './feed.ts';
import { askerOf, knownSeal, stillHas, type HistoryStream } from './history-stream.ts';

/** The position behind which the first event will be. Refuses one of another history. */
export async function resolveStart(stream: HistoryStream, start: FeedStart): Promise<FeedPosition> {
  switch (start.kind) {
    case 'after':
      await proveHistory(stream, start.position);
      return provedPosition(start.position);
    case 'from_sequence':
      return start.sequence <= 1 ? beginning : { sequence: (start.sequence - 1) as Sequence };
    case 'from_time': {
      const { context, book, filter } = stream;
      const asker = askerOf(filter);
      const sequence = await context.source.sequenceBefore(book, start.instant, asker);
      const chainHash = await context.source.findSeal(book, sequence, asker);
      return chainHash === undefined ? { sequence } : { sequence, seal: { sequence, chainHash } };
    }
    case 'now':
      return stream.bookFeed.tail();
    case 'beginning':
      return beginning;
  }
}

const beginning: FeedPosition = {
  sequence: 0 as Sequence,
  seal: { sequence: 0 as Sequence, chainHash: genesisHash },
};

/** A seal before the position proves nothing of what lies between. */
function provedPosition({ sequence, seal }: FeedPosition): FeedPosition {
  return seal === undefined || seal.sequence < sequence ? { sequence } : { sequence, seal };
}

async function proveHistory(stream: HistoryStream, { seal }: FeedPosition): Promise<void> {
  if (seal === undefined) return;
  const { bookFeed } = stream;
  const known = knownSeal(bookFeed, seal.sequence);
  if (await stillHas(stream, seal, known === undefined ? [] : [known])) {
    // Another process may have told of it before it was heard of here.
    if (seal.sequence > bookFeed.tail().sequence) await bookFeed.fresh();
    if (seal.sequence <= bookFeed.tail().sequence) return;
  }
  const headSequence = bookFeed.tail().sequence;
  throw new FeedError('history_diverged', { headSequence });
}
