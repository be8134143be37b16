// What a caller may say about one call, and about all calls of a client.
import type { AccessTokenProvider } from './access-token.ts';
import type { ReconnectPolicy } from './reconnect.ts';
import type { RetryPolicy } from './retry.ts';

/** What a caller may say about one call. It overrides the client's defaults. */
export type CallOptions = {
  /** The API key of this call. Default: the client's. */
  readonly apiKey?: string;
  /** Ends the call early, with the code `canceled`. */
  readonly signal?: AbortSignal;
  /** The whole call's limit in milliseconds, 1 or more, retries included. Default: the client's. */
  readonly timeoutMs?: number;
  /** Further request headers, `x-request-id` for instance. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called with the response headers of a call that succeeded. `isReplay` reads them. */
  readonly onHeader?: (header: Headers) => void;
};

/** What holds for every call of a client unless the call says otherwise. */
export type ClientDefaults = {
  /** The API key, sent as `x-api-key`. */
  readonly apiKey?: string;
  /**
   * Gives access tokens, for browsers. Asked when there is none yet, and when the ledger says that
   * the last one has expired. Not asked for a call that has an API key.
   */
  readonly accessToken?: AccessTokenProvider;
  /** The limit of a whole call in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** How calls are tried again, only where that is safe; `false` for never. */
  readonly retry?: RetryPolicy | false;
  /** How streams come back after they broke. */
  readonly reconnect?: ReconnectPolicy;
};

/** The limit of a whole call when nobody names one, in milliseconds. */
export const timeoutMsDefault = 30_000;
