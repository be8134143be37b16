// Balances, live: never an older one after a newer, over as many connections as it takes.
import { create, equals, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import {
  BalanceSchema,
  ErrorDetailSchema,
  ErrorReason,
  LedgerService,
  WatchBalancesRequestSchema,
  type Balance,
  type FeedPosition,
  type WatchBalancesResponse,
} from '@scrip/contract';
import type { ClientDefaults } from './call-options.ts';
import { openStream, silenceMsMaxDefault } from './open-stream.ts';
import { keepAlive, type OnWatchState } from './reconnect.ts';
import { requestHeader } from './request-header.ts';
import { ScripError } from './scrip-error.ts';
import { iterable, reconnectPolicyOf, type WatchOptions } from './watch-options.ts';

/** Whose balances. */
export type BalancesRequest = MessageInitShape<typeof WatchBalancesRequestSchema>;

/** A balance that is new to the listener, or the end of the balances of one moment. */
export type BalanceItem =
  | { readonly kind: 'balance'; readonly balance: Balance }
  | {
      /** All balances are known as of one moment. Comes again after each new connection. */
      readonly kind: 'snapshot_end';
      /** That moment: `watchHistory` with `after` goes on from exactly there. */
      readonly position: FeedPosition;
    };

type Settings = ClientDefaults & WatchOptions;

/** Streams balances and reconnects. */
export function watchBalances(
  transport: Transport,
  request: BalancesRequest,
  settings: Settings,
): AsyncIterable<BalanceItem> {
  const { silenceMsMax = silenceMsMaxDefault } = settings;
  const method = LedgerService.method.watchBalances;
  const open = () =>
    openStream(transport, { method, request, header: requestHeader(settings), silenceMsMax });
  const rest = {
    renewsToken: settings.accessToken !== undefined,
    policy: reconnectPolicyOf(settings),
    onState: settings.onState,
  };
  return iterable(async function* begin(signal) {
    check(request);
    yield* keepAlive({ open, take: takeNews(), ...rest }, signal);
  }, settings.signal);
}

/** A request that cannot be written is the caller's bug, and would be so at every try. */
function check(request: BalancesRequest): void {
  try {
    toBinary(WatchBalancesRequestSchema, create(WatchBalancesRequestSchema, request));
  } catch (cause) {
    throw new ScripError('the request cannot be written', { code: 'invalid_argument', cause });
  }
}

/** Passes on what is new; a snapshot after a break repeats much that is known. */
function takeNews() {
  const known = new Map<string, Balance>();
  let sequenceMax = 0n;
  return function* take(
    { message }: WatchBalancesResponse,
    tell: OnWatchState,
  ): Generator<BalanceItem, void, undefined> {
    if (message.case === 'balance') {
      const { value: balance } = message;
      const last = known.get(balance.accountId);
      if (last !== undefined) refuseOlder(balance.sequence, last.sequence);
      known.set(balance.accountId, balance);
      if (balance.sequence > sequenceMax) sequenceMax = balance.sequence;
      if (last === undefined || !isSame(last, balance)) yield { kind: 'balance', balance };
    } else if (message.case === 'snapshotEnd' && message.value.position !== undefined) {
      const { position } = message.value;
      if (position.cursor === '') refuseOlder(position.sequence, sequenceMax);
      tell('live');
      yield { kind: 'snapshot_end', position };
    }
  };
}

function isSame(one: Balance, other: Balance): boolean {
  return equals(BalanceSchema, { ...one, sequence: 0n }, { ...other, sequence: 0n });
}

/** The ledger never tells an older balance after a newer, so then the book was taken back. */
function refuseOlder(sequence: bigint, seen: bigint): void {
  if (sequence >= seen) return;
  throw new ScripError('the book was restored to an earlier state: begin anew', {
    code: 'failed_precondition',
    detail: create(ErrorDetailSchema, { reason: ErrorReason.HISTORY_DIVERGED }),
    cause: undefined,
  });
}
