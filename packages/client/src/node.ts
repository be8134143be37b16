// The door of @scrip/client for Node: the same client, over HTTP/2, with gRPC among its protocols.
import type { Transport } from '@connectrpc/connect';
import type { ScripAdminClient, ScripClient, ScripCouponClient } from './client.ts';
import { buildAdminClient, buildClient, buildCouponClient } from './client.ts';
import type { ClientDefaults } from './call-options.ts';
import { createNodeTransport } from './node-transport.ts';
import type { NodeTransportOptions } from './node-transport.ts';

export type { AccessTokenProvider } from './access-token.ts';
export type { CallOptions, ClientDefaults } from './call-options.ts';
export type { ScripAdminClient, ScripClient, ScripCouponClient } from './client.ts';
export { createNodeTransport } from './node-transport.ts';
export type { NodeTransportOptions } from './node-transport.ts';
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
  (NodeTransportOptions | { readonly transport: Transport });

/**
 * Makes a client of the ledger over one HTTP/2 connection that is opened with the first call and
 * again when it was lost. An idle connection does not keep the process alive.
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
  return 'transport' in options ? options.transport : createNodeTransport(options);
}
