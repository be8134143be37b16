// Requests for a stream, as what the feed is asked for.
import type { EventKind, WatchBalancesRequest, WatchHistoryRequest } from '@scrip/contract';
import type { FeedStart } from '@scrip/engine';
import {
  parsed,
  parseText,
  present,
  refuseField,
  type AccountRef,
  type BookEvent,
  type Parsed,
  type Sequence,
} from '@scrip/kernel';
import { fromProtoAccountRef } from '../account/from-proto-account-ref.ts';
import { fromProtoRequestedTimestamp } from '../value/instant.ts';
import { fromProtoSequence } from '../value/sequence.ts';
import { protoEventKinds, wordOf } from '../value/words.ts';
import { fromProtoFeedPosition } from './from-proto-feed-position.ts';

/** Whose events or balances: the accounts are those that the caller named. */
export type RequestedScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'accounts'; readonly refs: readonly AccountRef[] }
  | { readonly kind: 'customer'; readonly customerId: string };

/** Where to begin: as the feed understands it, or behind a cursor that is still to be read. */
export type RequestedStart = FeedStart | { readonly kind: 'after_cursor'; readonly cursor: string };

/** What a stream of events is to be about. */
export type HistoryWatch = {
  readonly scope: RequestedScope;
  readonly kinds?: ReadonlySet<BookEvent['change']['kind']>;
  readonly start: RequestedStart;
};

/** The events of a book, of accounts or of a customer. */
export function fromProtoWatchHistoryRequest(request: WatchHistoryRequest): Parsed<HistoryWatch> {
  const scope = fromProtoScope(request);
  if (scope.kind === 'refused') return scope;
  const kinds = fromProtoKinds(request.kinds);
  if (kinds.kind === 'refused') return kinds;
  const start = fromProtoStart(request.start);
  if (start.kind === 'refused') return start;
  return parsed({
    scope: scope.value,
    ...present('kinds', kinds.value),
    start: start.value,
  });
}

/** The balances of accounts or of a customer. Only access tokens may ask for all they see. */
export function fromProtoWatchBalancesRequest(
  request: WatchBalancesRequest,
  { allowsAll }: { readonly allowsAll: boolean },
): Parsed<RequestedScope> {
  const scope = fromProtoScope(request);
  if (scope.kind === 'refused' || scope.value.kind !== 'all' || allowsAll) return scope;
  return refuseField('accounts', 'or customer_id is required');
}

function fromProtoScope(
  request: Pick<WatchBalancesRequest, 'accounts' | 'customerId'>,
): Parsed<RequestedScope> {
  const { accounts, customerId } = request;
  if (customerId !== undefined) {
    if (accounts.length > 0) return refuseField('customer_id', 'cannot be given beside accounts');
    const text = parseText(customerId, { field: 'customer_id', lengthMax: 255 });
    if (text.kind === 'refused') return text;
    return parsed({ kind: 'customer', customerId: text.value });
  }
  if (accounts.length === 0) return parsed({ kind: 'all' });
  const refs: AccountRef[] = [];
  for (const [index, account] of accounts.entries()) {
    const ref = fromProtoAccountRef(account, `accounts[${index}]`);
    if (ref.kind === 'refused') return ref;
    refs.push(ref.value);
  }
  return parsed({ kind: 'accounts', refs });
}

function fromProtoKinds(kinds: readonly EventKind[]): Parsed<HistoryWatch['kinds']> {
  if (kinds.length === 0) return parsed(undefined);
  const words = new Set<BookEvent['change']['kind']>();
  for (const [index, kind] of kinds.entries()) {
    const word = wordOf(protoEventKinds, kind);
    if (word === undefined) return refuseField(`kinds[${index}]`, 'is not a known kind');
    words.add(word);
  }
  return parsed(words);
}

function fromProtoStart(start: WatchHistoryRequest['start']): Parsed<RequestedStart> {
  switch (start.case) {
    case 'after': {
      const position = fromProtoFeedPosition(start.value, 'after');
      if (position.kind === 'refused') return position;
      if (position.value.kind === 'position') return parsed({ ...position.value, kind: 'after' });
      return parsed({ ...position.value, kind: 'after_cursor' });
    }
    case 'fromSequence': {
      const sequence = Math.max(1, fromProtoSequence(start.value)) as Sequence;
      return parsed({ kind: 'from_sequence', sequence });
    }
    case 'fromTime': {
      const rule = { field: 'from_time', round: 'up' } as const;
      const instant = fromProtoRequestedTimestamp(start.value, rule);
      if (instant.kind === 'refused') return instant;
      return parsed({ kind: 'from_time', instant: instant.value });
    }
    case 'beginning':
      return parsed({ kind: 'beginning' });
    case 'now':
    case undefined:
      return parsed({ kind: 'now' });
  }
}
