// Who calls, and may they? An API key decides the store and the mode; its scopes, the methods.
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import type { ContextValues, Interceptor } from '@connectrpc/connect';
import { assert } from '@scrip/kernel';
import { digestApiKey, looksLikeApiKey } from '../auth/api-key.ts';
import type { KeyFinder, KnownKey } from '../auth/known-key.ts';
import { neededBy, type Need } from '../auth/needed-scopes.ts';
import { callerKey } from '../call/call-facts.ts';
import { scopeMissing, serviceError } from '../errors/service-error.ts';
import { isOpenService } from './open-services.ts';

/** What a call is judged by. */
export type Arrival = {
  readonly service: DescService;
  readonly method: DescMethod;
  readonly header: Headers;
  readonly values: ContextValues;
};

/** Lets a call in and notes its key, or throws `KEY_MISSING`, `KEY_UNKNOWN`, `SCOPE_MISSING`. */
export type Authenticate = (arrival: Arrival) => Promise<void>;

/** Judges calls by the keys that `findKey` knows. A call is judged once. */
export function createAuthenticate(findKey: KeyFinder): Authenticate {
  return async ({ service, method, header, values }) => {
    if (isOpenService(service) || values.get(callerKey) !== undefined) return;
    const key = await findCaller(findKey, keyOf(header));
    const need = neededBy(method);
    assert(need !== undefined, `${service.typeName} says which keys it needs`);
    requireScope(key, need);
    values.set(callerKey, key);
  };
}

/** Judges the calls that no request gate has judged. */
export function createAuthenticateInterceptor(authenticate: Authenticate): Interceptor {
  return (next) => async (request) => {
    const { service, method, header, contextValues: values } = request;
    await authenticate({ service, method, header, values });
    return next(request);
  };
}

function keyOf(header: Headers): string {
  const bearer = /^bearer +(.+)$/i.exec(header.get('authorization') ?? '')?.[1];
  const apiKey = (header.get('x-api-key') ?? bearer ?? '').trim();
  if (apiKey !== '') return apiKey;
  throw serviceError('KEY_MISSING', {
    message: 'An API key is required, as x-api-key or as authorization: Bearer.',
    headers: { 'www-authenticate': 'Bearer' },
  });
}

async function findCaller(findKey: KeyFinder, apiKey: string): Promise<KnownKey> {
  const key = looksLikeApiKey(apiKey) ? await findKey(digestApiKey(apiKey)) : undefined;
  if (key !== undefined) return key;
  throw serviceError('KEY_UNKNOWN', {
    message: 'The API key is unknown or revoked.',
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}

// No scope implies another: one of these is needed. A key without a store has no book, whatever its
// scopes say, and one with a store is not the operator's.
function requireScope(key: KnownKey, { kind, scopes }: Need): void {
  const hasBook = key.storeId !== undefined && key.mode !== undefined;
  const isOfKind = hasBook === (kind === 'store');
  if (isOfKind && scopes.some((scope) => key.scopes.includes(scope))) return;
  throw scopeMissing(scopes.join(' or '));
}
