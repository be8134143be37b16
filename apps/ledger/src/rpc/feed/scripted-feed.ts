// A feed for tests: its streams are told what the test says, and nothing else.
import type { BalanceItem, Feed, FeedEvent, FeedItem } from '@scrip/engine';
import { eventCodec } from '@scrip/codec';
import type { BookEvent, Sequence } from '@scrip/kernel';

type HistoryCall = Parameters<Feed['watchHistory']>[1];
type BalanceScope = Parameters<Feed['watchBalances']>[1];

export type ScriptedFeed = {
  readonly feed: Pick<Feed, 'watchHistory' | 'watchBalances'>;
  /** Tells every stream, those to come included. */
  readonly tell: (...items: readonly FeedItem[]) => void;
  readonly tellBalances: (...items: readonly BalanceItem[]) => void;
  /** Ends the streams with an error. */
  readonly fail: (error: Error) => void;
  /** What the streams asked for, in order. */
  readonly watches: readonly HistoryCall[];
  readonly scopes: readonly BalanceScope[];
  /** The signals of the streams, in order. */
  readonly signals: readonly AbortSignal[];
};

/** Makes a feed that has nothing to tell yet. */
export function createScriptedFeed(): ScriptedFeed {
  const watches: HistoryCall[] = [];
  const scopes: BalanceScope[] = [];
  const signals: AbortSignal[] = [];
  const history = createScript<FeedItem>();
  const balances = createScript<BalanceItem>();
  return {
    feed: {
      watchHistory: (_book, watch, signal) => {
        watches.push(watch);
        signals.push(signal);
        return history.play(signal);
      },
      watchBalances: (_book, scope, signal) => {
        scopes.push(scope);
        signals.push(signal);
        return balances.play(signal);
      },
    },
    tell: history.add,
    tellBalances: balances.add,
    fail: (error) => {
      history.fail(error);
      balances.fail(error);
    },
    watches,
    scopes,
    signals,
  };
}

/** Events of a feed, with the position of the last. */
export function feedEventsOf(...events: readonly BookEvent[]): FeedItem {
  const sequence = (events.at(-1)?.sequence ?? 0) as Sequence;
  const each = (event: BookEvent): FeedEvent => ({
    sequence: event.sequence,
    bytes: eventCodec.encode(event),
    event,
  });
  return { kind: 'events', events: events.map(each), position: positionAt(sequence) };
}

/** A position with a seal at itself. */
export function positionAt(sequence: number) {
  const chainHash = new Uint8Array(32).fill(sequence);
  return { sequence: sequence as Sequence, seal: { sequence: sequence as Sequence, chainHash } };
}

function createScript<Item>() {
  const items: Item[] = [];
  let failure: Error | undefined;
  let more = Promise.withResolvers<void>();
  const wake = (): void => {
    more.resolve();
    more = Promise.withResolvers();
  };
  return {
    add: (...added: readonly Item[]): void => {
      items.push(...added);
      wake();
    },
    fail: (error: Error): void => {
      failure = error;
      wake();
    },
    play: async function* (signal: AbortSignal): AsyncIterable<Item> {
      const aborted = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => aborted.resolve());
      for (let next = 0; !signal.aborted;) {
        const item = items[next];
        if (item !== undefined) {
          next++;
          yield item;
          continue;
        }
        if (failure !== undefined) throw failure;
        await Promise.race([more.promise, aborted.promise]);
      }
      throw signal.reason;
    },
  };
}
