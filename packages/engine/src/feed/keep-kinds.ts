// The events of some kinds, made once for all streams that want the same ones.
import type { FeedFilter } from '../port/feed-source.ts';
import type { FeedEvents } from './feed.ts';
import { eventsUpTo, type Chunk } from './feed-events.ts';

const keptByChunk = new WeakMap<Chunk, Map<string, FeedEvents | undefined>>();

/** Names a set of kinds; the same set has the same name. */
export function kindsKey(kinds: FeedFilter['kinds']): string {
  return kinds === undefined ? '' : [...kinds].toSorted().join(' ');
}

/** The events of a chunk that are of these kinds; the chunk itself where all are wanted. */
export function keepKinds(
  chunk: Chunk,
  kinds: FeedFilter['kinds'],
  key: string,
): FeedEvents | undefined {
  if (kinds === undefined) return chunk;
  const kept = keptByChunk.get(chunk) ?? new Map<string, FeedEvents | undefined>();
  keptByChunk.set(chunk, kept);
  if (!kept.has(key)) kept.set(key, keep(chunk, kinds));
  return kept.get(key);
}

function keep(chunk: Chunk, kinds: NonNullable<FeedFilter['kinds']>): FeedEvents | undefined {
  const events = chunk.events.filter(({ event }) => kinds.has(event.change.kind));
  const last = events.at(-1);
  if (last === undefined) return undefined;
  return eventsUpTo(events, { sequence: last.sequence, seal: chunk.position.seal });
}
