// Requests of administration, checked.
import type {
  CreateApiKeyRequest,
  CreateStoreRequest,
  ListApiKeysRequest,
  ListStoresRequest,
  MintAccessTokenRequest,
  RevokeApiKeyRequest,
} from '@scrip/contract';
import {
  parsed,
  parseOptionalText,
  parseText,
  present,
  refuseField,
  type AccountRef,
  type Parsed,
} from '@scrip/kernel';
import { fromProtoAccountRef } from '../account/from-proto-account-ref.ts';

/** Which page of a list that begins with the oldest. */
export type AdminPage = { readonly size: number; readonly after?: string };

/** What an access token is to show, and for how long. */
export type TokenTerms = {
  readonly whose:
    | { readonly kind: 'customer'; readonly customerId: string }
    | { readonly kind: 'accounts'; readonly accounts: readonly AccountRef[] };
  readonly ttlSeconds: number;
};

/** Things on a page when a request names no size. */
const pageSizeDefault = 50;
const nameLengthMax = 100;
const idLengthMax = 255;
const ttlSecondsDefault = 900;

export function fromProtoCreateStoreRequest({ name }: CreateStoreRequest): Parsed<string> {
  return parseName(name);
}

/** What a key is to be called, and what it may do. The contract lists the scopes that there are. */
export function fromProtoCreateApiKeyRequest(
  request: CreateApiKeyRequest,
): Parsed<{ readonly name: string; readonly scopes: readonly string[] }> {
  const name = parseName(request.name);
  if (name.kind === 'refused') return name;
  return parsed({ name: name.value, scopes: request.scopes });
}

export function fromProtoRevokeApiKeyRequest({ apiKeyId }: RevokeApiKeyRequest): Parsed<string> {
  return parseText(apiKeyId, { field: 'api_key_id', lengthMax: idLengthMax });
}

export function fromProtoListStoresRequest(request: ListStoresRequest): Parsed<AdminPage> {
  return parsePage(request);
}

export function fromProtoListApiKeysRequest(request: ListApiKeysRequest): Parsed<AdminPage> {
  return parsePage(request);
}

/** Exactly one of a customer and a list of accounts: a token for neither would be for everyone. */
export function fromProtoMintAccessTokenRequest(
  request: MintAccessTokenRequest,
): Parsed<TokenTerms> {
  const whose = parseWhose(request);
  if (whose.kind === 'refused') return whose;
  const ttlSeconds = request.ttlSeconds === 0 ? ttlSecondsDefault : request.ttlSeconds;
  return parsed({ whose: whose.value, ttlSeconds });
}

function parseWhose({ customerId, accounts }: MintAccessTokenRequest): Parsed<TokenTerms['whose']> {
  if (customerId === undefined) {
    if (accounts.length === 0) return refuseField('customer_id', 'is required, or accounts are');
    return parseListed(accounts);
  }
  if (accounts.length > 0) return refuseField('accounts', 'cannot be given with customer_id');
  const customer = parseText(customerId, { field: 'customer_id', lengthMax: idLengthMax });
  if (customer.kind === 'refused') return customer;
  return parsed({ kind: 'customer', customerId: customer.value });
}

function parseListed(listed: MintAccessTokenRequest['accounts']): Parsed<TokenTerms['whose']> {
  const accounts: AccountRef[] = [];
  for (const [index, ref] of listed.entries()) {
    const account = fromProtoAccountRef(ref, `accounts[${index}]`);
    if (account.kind === 'refused') return account;
    accounts.push(account.value);
  }
  return parsed({ kind: 'accounts', accounts });
}

function parseName(name: string): Parsed<string> {
  return parseText(name, { field: 'name', lengthMax: nameLengthMax, trim: true });
}

function parsePage(request: ListStoresRequest | ListApiKeysRequest): Parsed<AdminPage> {
  const rule = { field: 'starting_after', lengthMax: idLengthMax };
  const after = parseOptionalText(request.startingAfter, rule);
  if (after.kind === 'refused') return after;
  const size = request.pageSize === 0 ? pageSizeDefault : request.pageSize;
  return parsed({ size, ...present('after', after.value) });
}
