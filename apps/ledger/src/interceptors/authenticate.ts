// Who calls, and may they? An API key decides the store and the mode; its scopes, the methods.
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { ContextValues, Interceptor } from '@connectrpc/connect';
import { LedgerService } from '@scrip/contract';
import { digestApiKey, looksLikeApiKey, type Scope } from '../auth/api-key.ts';
import type { KeyFinder, KnownKey } from '../auth/known-key.ts';
import { callerKey } from '../call/call-facts.ts';
import { serviceError } from '../errors/service-error.ts';
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
    requireScope(key, scopesOf(method));
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

function scopesOf(method: DescMethod): readonly Scope[] {
  // Whose book it is, and where it stands, is for every caller of the ledger to know.
  if (method === LedgerService.method.getHead) return ['ledger:read', 'ledger:write'];
  const isRead = method.idempotency === IdempotencyLevel.NO_SIDE_EFFECTS;
  return [isRead ? 'ledger:read' : 'ledger:write'];
}

// No scope implies another: one of these is needed. A key without a store has no book, whatever
// its scopes say.
function requireScope(key: KnownKey, scopes: readonly Scope[]): void {
  const hasBook = key.storeId !== undefined && key.mode !== undefined;
  if (hasBook && scopes.some((scope) => key.scopes.includes(scope))) return;
  const scope = scopes.join(' or ');
  const message = `The API key lacks the scope ${scope}.`;
  throw serviceError('SCOPE_MISSING', { message, metadata: { scope } });
}
