// Requests of administration, checked.
import type {
  CreateApiKeyRequest,
  CreateStoreRequest,
  ListApiKeysRequest,
  ListStoresRequest,
  RevokeApiKeyRequest,
} from '@scrip/contract';
import { parsed, parseOptionalText, parseText, present, type Parsed } from '@scrip/kernel';

/** Which page of a list that begins with the oldest. */
export type AdminPage = { readonly size: number; readonly after?: string };

/** Things on a page when a request names no size. */
const pageSizeDefault = 50;
const nameLengthMax = 100;
const idLengthMax = 255;

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
