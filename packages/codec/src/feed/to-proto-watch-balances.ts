// What a stream of balances is told, as messages.
import { create } from '@bufbuild/protobuf';
import {
  BalanceSnapshotEndSchema,
  FeedHeartbeatSchema,
  WatchBalancesResponseSchema,
  type FeedPosition,
  type WatchBalancesResponse,
} from '@scrip/contract';
import type { BalanceItem, BalanceView } from '@scrip/engine';
import { toProtoBalance } from '../account/to-proto-account.ts';

/** The message of a balance as it is now. */
export function toProtoBalanceChange(view: BalanceView): WatchBalancesResponse {
  const value = toProtoBalance(view);
  return create(WatchBalancesResponseSchema, { message: { case: 'balance', value } });
}

/** The message of everything else that a stream of balances is told. */
export function toProtoBalanceNotice(
  kind: Exclude<BalanceItem['kind'], 'balance'>,
  position: FeedPosition,
): WatchBalancesResponse {
  return create(WatchBalancesResponseSchema, { message: noticeOf(kind, position) });
}

function noticeOf(
  kind: Exclude<BalanceItem['kind'], 'balance'>,
  position: FeedPosition,
): WatchBalancesResponse['message'] {
  switch (kind) {
    case 'snapshot_end':
      return { case: 'snapshotEnd', value: create(BalanceSnapshotEndSchema, { position }) };
    case 'heartbeat':
      return { case: 'heartbeat', value: create(FeedHeartbeatSchema, { position }) };
  }
}
