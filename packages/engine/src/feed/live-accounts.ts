// The live events of some accounts: a short list that the index fills, dropped when it overflows.
import type { FeedFilter } from '../port/feed-source.ts';
import type { FeedEvent, FeedPosition } from './feed.ts';
import { eventsAfter, eventsUpTo, type Chunk } from './feed-events.ts';
import type { FeedBounds } from './feed-limits.ts';
import type { HistoryStream } from './history-stream.ts';
import { kindsKey } from './keep-kinds.ts';
import type { AccountWatch, Registration } from './live-index.ts';
import type { LiveEvents } from './live-events.ts';
import type { SealedPosition } from './sealed-position.ts';
import type { Watch } from './watch.ts';

/** What fills the list of a stream, and what empties it. */
export interface LiveAccounts extends LiveEvents {
  /** Where accounts are added, until the stream ends. */
  readonly registration: Registration;
}

/** Makes the live part of a stream of accounts or of a customer, with no accounts yet. */
export function createLiveAccounts(
  { bookFeed, watch, context }: Pick<HistoryStream, 'bookFeed' | 'watch' | 'context'>,
  filter: FeedFilter,
): LiveAccounts {
  const { scope } = filter;
  const pending = createPending(watch, filter, context.bounds);
  const customer = scope.kind === 'customer' ? scope : undefined;
  const registration = bookFeed.index.register(pending, customer);
  watch.onEnd(() => registration.end());
  let armedAt: SealedPosition = bookFeed.tail();
  let position: FeedPosition = armedAt;
  return {
    registration,
    arm: () => {
      armedAt = bookFeed.tail();
      pending.begin();
      return armedAt;
    },
    covers: (sequence) => !pending.isOverflowed() && sequence >= armedAt.sequence,
    join: (from) => {
      position = from;
    },
    next: () => {
      if (pending.isOverflowed()) return 'fell_behind';
      for (let chunk = pending.shift(); chunk !== undefined; chunk = pending.shift()) {
        // What was read before, or lies before the start, is there a second time.
        const events = eventsAfter(chunk, position.sequence);
        if (events === undefined) continue;
        position = events.position;
        return events;
      }
      const tail = bookFeed.tail();
      if (tail.sequence >= position.sequence) position = tail;
      return undefined;
    },
    position: () => position,
  };
}

interface Pending extends AccountWatch {
  /** Forgets everything. */
  begin(): void;
  shift(): Chunk | undefined;
  isOverflowed(): boolean;
}

function createPending(
  watch: Watch,
  filter: FeedFilter,
  { pendingEventCountMax, pendingBytesMax }: FeedBounds,
): Pending {
  const key = keyOf(filter);
  const { kinds } = filter;
  let chunks: Chunk[] = [];
  let taken: FeedEvent[] = [];
  let eventCount = 0;
  let byteCount = 0;
  // Before it is armed a stream may not know all its accounts: it takes nothing.
  let isOverflowed = true;
  const clear = (): void => {
    chunks = [];
    taken = [];
    eventCount = 0;
    byteCount = 0;
  };
  return {
    begin: () => {
      clear();
      isOverflowed = false;
    },
    isOverflowed: () => isOverflowed,
    shift: () => {
      const chunk = chunks.shift();
      for (const { bytes } of chunk?.events ?? []) {
        eventCount -= 1;
        byteCount -= bytes.length;
      }
      return chunk;
    },
    take: (event) => {
      if (isOverflowed || kinds?.has(event.event.change.kind) === false) return;
      taken.push(event);
      eventCount += 1;
      byteCount += event.bytes.length;
    },
    settle: ({ position: { seal } }, made) => {
      const last = taken.at(-1);
      if (last === undefined) return;
      const position = { sequence: last.sequence, seal };
      const chunk = (made.get(key) as Chunk | undefined) ?? eventsUpTo(taken, position);
      made.set(key, chunk);
      chunks.push(chunk);
      taken = [];
      // What was committed at once is given whole, however large: nobody could have read it yet.
      const isLate = chunks[0]?.position.seal !== seal;
      if (isLate && (eventCount > pendingEventCountMax || byteCount > pendingBytesMax)) {
        clear();
        isOverflowed = true;
      }
      watch.wake();
    },
  };
}

/** Names a filter: streams of the same name are given the same objects. */
function keyOf({ scope, kinds }: FeedFilter): string {
  const whose = scope.kind === 'accounts' ? scope.accountIds.toSorted().join(' ') : '';
  const customer = scope.kind === 'customer' ? [scope.customerId, scope.withCoupons === true] : [];
  return JSON.stringify([scope.kind, whose, ...customer, kindsKey(kinds)]);
}
