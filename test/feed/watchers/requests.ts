// Watches as requests of the contract.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  WatchBalancesRequestSchema,
  WatchHistoryRequestSchema,
  type FeedPosition,
  type WatchBalancesRequest,
  type WatchHistoryRequest,
} from '@scrip/contract';
import type { OwnScope, Scope, Start, Watch } from '../record/watch.ts';

/** The request of a watch, from its start or behind a position. */
export function toHistoryRequest(
  { scope, kinds, start }: Pick<Watch, 'scope' | 'kinds' | 'start'>,
  after: FeedPosition | undefined,
): WatchHistoryRequest {
  return create(WatchHistoryRequestSchema, {
    ...fieldsOf(scope),
    kinds: [...kinds],
    start: after === undefined ? startOf(start) : { case: 'after', value: after },
  });
}

export function toBalancesRequest(scope: OwnScope): WatchBalancesRequest {
  return create(WatchBalancesRequestSchema, fieldsOf(scope));
}

function fieldsOf(scope: Scope) {
  switch (scope.kind) {
    case 'book':
      return {};
    case 'accounts':
      return { accounts: scope.accountIds.map(toRef) };
    case 'customer':
      return { customerId: scope.customerId };
  }
}

function toRef(value: string) {
  return { ref: { case: 'id' as const, value } };
}

function startOf(
  start: Start,
): NonNullable<MessageInitShape<typeof WatchHistoryRequestSchema>['start']> {
  switch (start.kind) {
    case 'beginning':
      return { case: 'beginning', value: {} };
    case 'now':
      return { case: 'now', value: {} };
    case 'from_sequence':
      return { case: 'fromSequence', value: BigInt(start.sequence) };
    case 'from_time':
      return { case: 'fromTime', value: timestampFromMs(start.atMs) };
  }
}
