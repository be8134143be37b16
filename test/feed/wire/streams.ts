// A stream of the feed as every protocol of these tests opens it.
import type {
  WatchBalancesRequest,
  WatchBalancesResponse,
  WatchHistoryRequest,
  WatchHistoryResponse,
} from '@scrip/contract';

/** To whom a stream is opened, as whom, and for how long. */
export type StreamCall = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers with a fresh token, for a client that asks for them itself. */
  readonly renew: () => Promise<Readonly<Record<string, string>>>;
  readonly signal: AbortSignal;
};

/** The two calls of the feed. Both throw a `ConnectError` when the stream ends with one. */
export type Streams = {
  readonly watchHistory: (
    request: WatchHistoryRequest,
    call: StreamCall,
  ) => AsyncIterable<WatchHistoryResponse>;
  readonly watchBalances: (
    request: WatchBalancesRequest,
    call: StreamCall,
  ) => AsyncIterable<WatchBalancesResponse>;
};
