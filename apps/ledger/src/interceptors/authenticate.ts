// Who calls, and may they? An API key decides the store and the mode; its scopes, the methods. An
// access token has the book of the key that minted it, and a few methods.
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import type { ContextValues, Interceptor } from '@connectrpc/connect';
import { assert } from '@scrip/kernel';
import type { Clock } from '@scrip/runtime';
import { looksLikeAccessToken, type AccessTokens } from '../auth/access-tokens.ts';
import { looksLikeApiKey } from '../auth/api-key.ts';
import type { KeyFinder, KnownKey } from '../auth/known-key.ts';
import { isForViewers, neededBy, type Need } from '../auth/needed-scopes.ts';
import { beyondTokens, keyMissing, keyUnknown } from '../auth/refused-credentials.ts';
import { callerJudgedAtKey, callerKey, refusedCallerKey, viewerKey } from '../call/call-facts.ts';
import type { HeaderReader } from '../call/watch-call.ts';
import { scopeMissing } from '../errors/service-error.ts';
import type { Viewer } from '../view/viewer.ts';
import { isOpenService } from './open-services.ts';

/** What a call is judged by. */
export type Arrival = {
  readonly service: DescService;
  readonly method: DescMethod;
  readonly header: HeaderReader;
  readonly values: ContextValues;
};

/** Where callers are known. */
export type Credentials = {
  readonly findKey: KeyFinder;
  readonly accessTokens: Pick<AccessTokens, 'judge'>;
  readonly clock: Clock;
};

/** How long a judgement holds: a key may be revoked, and a token expire, while a body comes. */
const judgedMsMax = 500;

/**
 * Lets a call in and notes its key, and its viewer if it shows an access token; or throws
 * `KEY_MISSING`, `KEY_UNKNOWN`, `TOKEN_EXPIRED`, `SCOPE_MISSING`. Gives a promise where it has to
 * ask.
 */
export type Authenticate = (arrival: Arrival) => Promise<void> | undefined;

/**
 * Judges calls by what their callers show. A call may be judged before its body comes and after it:
 * one that was let in just before is not judged again, and one that was refused stays so.
 */
export function createAuthenticate(credentials: Credentials): Authenticate {
  return (arrival) => {
    const { service, header, values } = arrival;
    if (isOpenService(service)) return undefined;
    const nowMs = credentials.clock.nowMs();
    if (Math.abs(nowMs - values.get(callerJudgedAtKey)) < judgedMsMax) return undefined;
    const refused = values.get(refusedCallerKey);
    if (refused !== undefined) throw refused.thrown;
    try {
      const caller = findCaller(credentials, header);
      if (caller instanceof Promise) {
        return caller
          .then((found) => letIn(arrival, found, nowMs))
          .catch((thrown: unknown) => refuse(arrival, thrown));
      }
      letIn(arrival, caller, nowMs);
    } catch (thrown) {
      refuse(arrival, thrown);
    }
    return undefined;
  };
}

function letIn(
  { service, method, values }: Arrival,
  { key, viewer }: Caller,
  judgedAtMs: number,
): void {
  const need = neededBy(method);
  assert(need !== undefined, `${service.typeName} says which keys it needs`);
  if (viewer === undefined) requireScope(key, need);
  else if (!isForViewers(method)) throw beyondTokens(method.name, need.scopes.join(' or '));
  values.set(viewerKey, viewer);
  values.set(callerKey, key);
  values.set(callerJudgedAtKey, judgedAtMs);
}

function refuse({ values }: Arrival, thrown: unknown): never {
  values.set(refusedCallerKey, { thrown });
  throw thrown;
}

/** Judges the calls that no request gate has judged, or too long ago. */
export function createAuthenticateInterceptor(authenticate: Authenticate): Interceptor {
  return (next) => async (request) => {
    const { service, method, header, contextValues: values } = request;
    await authenticate({ service, method, header, values });
    return next(request);
  };
}

type Caller = { readonly key: KnownKey; readonly viewer?: Viewer };

function findCaller(
  { findKey, accessTokens }: Credentials,
  header: HeaderReader,
): Caller | Promise<Caller> {
  const apiKey = header.get('x-api-key')?.trim() ?? '';
  const bearer = /^bearer +(.+)$/i.exec(header.get('authorization') ?? '')?.[1]?.trim() ?? '';
  const shown = apiKey === '' ? bearer : apiKey;
  if (shown === '') throw keyMissing();
  if (shown === bearer && looksLikeAccessToken(shown)) return accessTokens.judge(shown);
  if (!looksLikeApiKey(shown)) throw keyUnknown();
  const key = findKey(shown);
  return key instanceof Promise ? key.then(callerOf) : callerOf(key);
}

function callerOf(key: KnownKey | undefined): Caller {
  if (key === undefined) throw keyUnknown();
  return { key };
}

// No scope implies another: one of these is needed. A key without a store has no book, whatever its
// scopes say, and one with a store is not the operator's.
function requireScope(key: KnownKey, { kind, scopes }: Need): void {
  const hasBook = key.storeId !== undefined && key.mode !== undefined;
  const isOfKind = hasBook === (kind === 'store');
  if (isOfKind && scopes.some((scope) => key.scopes.includes(scope))) return;
  throw scopeMissing(scopes.join(' or '));
}
