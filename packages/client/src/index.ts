// The door of @scrip/client for browsers and for any runtime with `fetch`. Node's door with gRPC
// over HTTP/2 is `@scrip/client/node`.
import type { Transport } from '@connectrpc/connect';
import type { ScripAdminClient, ScripClient, ScripCouponClient } from './client.ts';
import { buildAdminClient, buildClient, buildCouponClient } from './client.ts';
import type { ClientDefaults } from './call-options.ts';
import { createFetchTransport } from './fetch-transport.ts';
import type { FetchTransportOptions } from './fetch-transport.ts';

export type { AccessTokenProvider } from './access-token.ts';
export type { CallOptions, ClientDefaults } from './call-options.ts';
export type { ScripAdminClient, ScripClient, ScripCouponClient } from './client.ts';
export type { FetchTransportOptions } from './fetch-transport.ts';
export { isReplay } from './replay.ts';
export type { OnWatchState, ReconnectPolicy, WatchState } from './reconnect.ts';
export type { RetryPolicy } from './retry.ts';
export { ScripError } from './scrip-error.ts';
export type { ScripErrorCode, ScripErrorReason } from './scrip-error.ts';
export type { BalanceItem, BalancesRequest } from './watch-balances.ts';
export type { HistoryItem, HistoryRequest, WatchHistoryOptions } from './watch-history.ts';
export type { WatchOptions } from './watch-options.ts';

/** How to make a client: from the ledger's address, or over a transport that is there already. */
export type ScripClientOptions = ClientDefaults &
  (FetchTransportOptions | { readonly transport: Transport });

/**
 * Makes a client of the ledger over `fetch`, for browsers and servers alike. Speaks the Connect
 * protocol unless told otherwise. Keeps no connection of its own, so there is nothing to close.
 */
export function createScripClient(options: ScripClientOptions): ScripClient {
  return buildClient(transportOf(options), options);
}

/** Makes a client of administration, for stores and API keys. The rest is as for the ledger's. */
export function createScripAdminClient(options: ScripClientOptions): ScripAdminClient {
  return buildAdminClient(transportOf(options), options);
}

/** Makes a client of coupons, credits and memberships. The rest is as for the ledger's. */
export function createScripCouponClient(options: ScripClientOptions): ScripCouponClient {
  return buildCouponClient(transportOf(options), options);
}

function transportOf(options: ScripClientOptions): Transport {
  return 'transport' in options ? options.transport : createFetchTransport(options);
}
