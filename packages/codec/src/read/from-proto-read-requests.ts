// Requests that read, as queries of the reader.
import type {
  AccountStatus,
  BatchGetBalancesRequest,
  GetBalanceRequest,
  GetTransactionByKeyRequest,
  GetTransactionRequest,
  ListAccountsRequest,
  ListEntriesRequest,
  ListTransactionsRequest,
} from '@scrip/contract';
import type { AccountsQuery, BalancePoint, PageRequest, TransactionsQuery } from '@scrip/engine';
import {
  parsed,
  parseOptionalText,
  parseText,
  present,
  refuseField,
  type AccountRef,
  type AccountStatus as Status,
  type Parsed,
} from '@scrip/kernel';
import {
  fromProtoAccountRef,
  fromProtoOptionalAccountRef,
} from '../account/from-proto-account-ref.ts';
import {
  fromProtoOptionalRequestedTimestamp,
  fromProtoRequestedTimestamp,
} from '../value/instant.ts';
import { fromProtoRequestedSequence } from '../value/sequence.ts';
import { protoAccountStatuses, wordOf } from '../value/words.ts';
import { fromProtoPage } from './from-proto-page.ts';

export function fromProtoListAccountsRequest(request: ListAccountsRequest): Parsed<AccountsQuery> {
  const customerId = parseOptionalText(request.customerId, {
    field: 'customer_id',
    lengthMax: 255,
  });
  if (customerId.kind === 'refused') return customerId;
  const name = parseOptionalText(request.name, { field: 'name', lengthMax: 100, trim: true });
  if (name.kind === 'refused') return name;
  const status = fromProtoStatusFilter(request.status);
  if (status.kind === 'refused') return status;
  return parsed({
    ...present('customerId', customerId.value),
    ...present('name', name.value),
    ...present('status', status.value),
    page: fromProtoPage(request),
    skip: request.skip,
    countTotal: request.countTotal,
  });
}

/** Whose balance, and at which point. */
export type BalanceQuery = { readonly account: AccountRef; readonly point: BalancePoint };

export function fromProtoGetBalanceRequest(request: GetBalanceRequest): Parsed<BalanceQuery> {
  const account = fromProtoAccountRef(request.account);
  if (account.kind === 'refused') return account;
  const point = fromProtoPoint(request.point);
  if (point.kind === 'refused') return point;
  return parsed({ account: account.value, point: point.value });
}

export function fromProtoBatchGetBalancesRequest(
  request: BatchGetBalancesRequest,
): Parsed<readonly AccountRef[]> {
  const refs: AccountRef[] = [];
  for (const [index, ref] of request.accounts.entries()) {
    const account = fromProtoAccountRef(ref, `accounts[${index}]`);
    if (account.kind === 'refused') return account;
    refs.push(account.value);
  }
  return parsed(refs);
}

/** Whose history, and which page of it. */
export type EntriesQuery = { readonly account: AccountRef; readonly page: PageRequest };

export function fromProtoListEntriesRequest(request: ListEntriesRequest): Parsed<EntriesQuery> {
  const account = fromProtoAccountRef(request.account);
  if (account.kind === 'refused') return account;
  return parsed({ account: account.value, page: fromProtoPage(request) });
}

export function fromProtoGetTransactionRequest(request: GetTransactionRequest): Parsed<string> {
  return parseText(request.transactionId, { field: 'transaction_id', lengthMax: 255 });
}

export function fromProtoGetTransactionByKeyRequest(
  request: GetTransactionByKeyRequest,
): Parsed<string> {
  return parseText(request.idempotencyKey, { field: 'idempotency_key', lengthMax: 255 });
}

export function fromProtoListTransactionsRequest(
  request: ListTransactionsRequest,
): Parsed<TransactionsQuery> {
  const reference = parseOptionalText(request.reference, { field: 'reference', lengthMax: 255 });
  if (reference.kind === 'refused') return reference;
  const account = fromProtoOptionalAccountRef(request.account);
  if (account.kind === 'refused') return account;
  // An event lies at a whole millisecond: at or after 0.4 ms means from 1 ms on, before it up to 0.
  const from = { field: 'created_from', round: 'up' } as const;
  const createdFrom = fromProtoOptionalRequestedTimestamp(request.createdFrom, from);
  if (createdFrom.kind === 'refused') return createdFrom;
  const before = { field: 'created_before', round: 'up' } as const;
  const createdBefore = fromProtoOptionalRequestedTimestamp(request.createdBefore, before);
  if (createdBefore.kind === 'refused') return createdBefore;
  return parsed({
    ...present('reference', reference.value),
    ...present('account', account.value),
    ...present('createdFrom', createdFrom.value),
    ...present('createdBefore', createdBefore.value),
    page: fromProtoPage(request),
    skip: request.skip,
    countTotal: request.countTotal,
  });
}

function fromProtoStatusFilter(status: AccountStatus | undefined): Parsed<Status | undefined> {
  if (status === undefined) return parsed(undefined);
  const word = wordOf(protoAccountStatuses, status);
  return word === undefined ? refuseField('status', 'is not a known status') : parsed(word);
}

function fromProtoPoint(point: GetBalanceRequest['point']): Parsed<BalancePoint> {
  switch (point.case) {
    case 'at': {
      const instant = fromProtoRequestedTimestamp(point.value, { field: 'at', round: 'down' });
      if (instant.kind === 'refused') return instant;
      return parsed({ kind: 'at', instant: instant.value });
    }
    case 'atSequence':
      return parsed({ kind: 'at_sequence', sequence: fromProtoRequestedSequence(point.value) });
    default:
      return parsed({ kind: 'now' });
  }
}
