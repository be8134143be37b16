// What an access token says, between its issuer and its expiry.
import type { Mode } from '@scrip/engine';
import type { AccountId } from '@scrip/kernel';
import type { JWTPayload } from 'jose';
import type { ViewerScope } from '../view/viewer.ts';

/** Whose token it is: of which book, minted by which key, for which accounts, and until when. */
export type TokenGrant = {
  readonly storeId: string;
  readonly mode: Mode;
  readonly apiKeyId: string;
  readonly scope: ViewerScope;
  /** Whole seconds since 1970. */
  readonly expiresAtSeconds: number;
};

/** The claims of a grant, without those that the signer sets. */
export function toClaims({ scope, ...grant }: TokenGrant): JWTPayload {
  const accounts =
    scope.kind === 'customer'
      ? { customer_id: scope.customerId }
      : { account_ids: [...scope.accountIds] };
  return {
    store_id: grant.storeId,
    mode: grant.mode,
    api_key_id: grant.apiKeyId,
    ...accounts,
    exp: grant.expiresAtSeconds,
  };
}

/** The grant of claims whose signature was good; nothing when they are none of ours. */
export function fromClaims(claims: JWTPayload): TokenGrant | undefined {
  const { store_id: storeId, mode, api_key_id: apiKeyId, exp } = claims;
  const scope = scopeOf(claims);
  if (typeof storeId !== 'string' || typeof apiKeyId !== 'string') return undefined;
  if ((mode !== 'test' && mode !== 'prod') || scope === undefined) return undefined;
  if (exp === undefined || !Number.isSafeInteger(exp)) return undefined;
  return { storeId, mode, apiKeyId, scope, expiresAtSeconds: exp };
}

// Exactly one of the two: a token that names both, or neither, is for nobody.
function scopeOf(claims: JWTPayload): ViewerScope | undefined {
  const { customer_id: customerId, account_ids: accountIds } = claims;
  if (typeof customerId === 'string' && customerId !== '' && accountIds === undefined) {
    return { kind: 'customer', customerId };
  }
  if (customerId !== undefined || !Array.isArray(accountIds) || accountIds.length === 0) {
    return undefined;
  }
  const isText = (id: unknown): id is AccountId => typeof id === 'string';
  return accountIds.every(isText) ? { kind: 'accounts', accountIds } : undefined;
}
