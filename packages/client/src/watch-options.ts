// What a caller may say about a stream, and what holds for every stream alike.
import type { CallOptions, ClientDefaults } from './call-options.ts';
import type { OnWatchState, ReconnectPolicy } from './reconnect.ts';

/** What a caller may say about one stream. It overrides the client's defaults. */
export type WatchOptions = Pick<CallOptions, 'apiKey' | 'headers'> & {
  /** Ends the stream at once and quietly, as `break` does. */
  readonly signal?: AbortSignal;
  /** Hears of each change of the connection: the truth for whoever looks at the figures. */
  readonly onState?: OnWatchState;
  /** How the stream comes back after it broke. Default: the client's. */
  readonly reconnect?: ReconnectPolicy;
  /**
   * How long the ledger may say nothing before the connection counts as dead, in milliseconds. It
   * sends a heartbeat every 15 seconds. Default 40,000.
   */
  readonly silenceMsMax?: number;
};

/** The policy of a stream: the pauses are spread as those of calls, unless it says otherwise. */
export function reconnectPolicyOf(options: ClientDefaults): ReconnectPolicy {
  const { reconnect, retry } = options;
  const random = retry === false ? undefined : retry?.random;
  return { ...(random === undefined ? {} : { random }), ...reconnect };
}

/**
 * Items that begin when somebody iterates, anew for each who does. They end at once when the
 * iterator is returned, also while it waits for the next one.
 */
export function iterable<Item>(
  begin: (signal: AbortSignal) => AsyncGenerator<Item, void, undefined>,
  outer: AbortSignal | undefined,
): AsyncIterable<Item> {
  return {
    [Symbol.asyncIterator]() {
      const ended = new AbortController();
      const items = begin(AbortSignal.any([ended.signal, ...(outer ? [outer] : [])]));
      return {
        next: () => items.next(),
        return: () => {
          ended.abort();
          return items.return();
        },
      };
    },
  };
}
