// Requests that post transactions, as commands.
import type {
  CreditRequest,
  DebitRequest,
  PostTransactionRequest,
  ReverseTransactionRequest,
} from '@scrip/contract';
import {
  parsed,
  parsePostOneSided,
  parsePostTransaction,
  parseReverseTransaction,
  refuseField,
  type Parsed,
  type PostOneSided,
  type PostTransaction,
  type ReverseTransaction,
  type UncheckedPostTransaction,
} from '@scrip/kernel';
import {
  fromProtoAccountRef,
  fromProtoOptionalAccountRef,
} from '../account/from-proto-account-ref.ts';
import { fromProtoGrantTerms } from '../grant/from-proto-grant-requests.ts';
import { protoSides, wordOf } from '../value/words.ts';

export function fromProtoCreditRequest(request: CreditRequest): Parsed<PostOneSided> {
  return oneSidedOf('credit', request);
}

export function fromProtoDebitRequest(request: DebitRequest): Parsed<PostOneSided> {
  return oneSidedOf('debit', request);
}

export function fromProtoPostTransactionRequest(
  request: PostTransactionRequest,
): Parsed<PostTransaction> {
  const entries = fromProtoPostEntries(request.entries);
  if (entries.kind === 'refused') return entries;
  return parsePostTransaction({ ...request, entries: entries.value });
}

export function fromProtoReverseTransactionRequest(
  request: ReverseTransactionRequest,
): Parsed<ReverseTransaction> {
  const account = fromProtoOptionalAccountRef(request.account);
  if (account.kind === 'refused') return account;
  return parseReverseTransaction({ ...request, account: account.value });
}

function oneSidedOf(
  kind: PostOneSided['kind'],
  request: CreditRequest | DebitRequest,
): Parsed<PostOneSided> {
  const account = fromProtoAccountRef(request.account);
  if (account.kind === 'refused') return account;
  const terms = fromProtoGrantTerms('grant' in request ? request.grant : undefined);
  if (terms.kind === 'refused') return terms;
  return parsePostOneSided(kind, { ...request, account: account.value, terms: terms.value });
}

function fromProtoPostEntries(
  entries: PostTransactionRequest['entries'],
): Parsed<UncheckedPostTransaction['entries']> {
  const unchecked: UncheckedPostTransaction['entries'][number][] = [];
  for (const [index, entry] of entries.entries()) {
    const field = `entries[${index}]`;
    const account = fromProtoAccountRef(entry.account, `${field}.account`);
    if (account.kind === 'refused') return account;
    const side = wordOf(protoSides, entry.side);
    if (side === undefined) return refuseField(`${field}.side`, 'is required');
    unchecked.push({ account: account.value, side, amount: entry.amount });
  }
  return parsed(unchecked);
}
