// Access tokens: signed with a key that all processes share, not stored, good for an hour at most.
import { webcrypto } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import type { Clock } from '@scrip/runtime';
import type { Viewer } from '../view/viewer.ts';
import type { KeyFinder, KnownKey } from './known-key.ts';
import { tokenExpired, tokenUnknown } from './refused-credentials.ts';
import { remember, type Recall } from './remember.ts';
import { fromClaims, toClaims, type TokenGrant } from './token-claims.ts';

/** A secret that signs, and its name. */
export type SigningKey = { readonly id: string; readonly secret: Uint8Array };

/** The keys that sign, which all processes share. Old ones are found as long as tokens live. */
export type SigningKeys = {
  newest(): Promise<SigningKey>;
  find(id: string): Promise<SigningKey | undefined>;
};

export type AccessTokensOptions = {
  readonly signingKeys: SigningKeys;
  /** Finds an API key by its id, unless it is revoked. */
  readonly findKey: KeyFinder;
  readonly clock: Clock;
};

/** Who shows a token: the API key that minted it, and what the token lets see of its book. */
export type TokenBearer = { readonly key: KnownKey; readonly viewer: Viewer };

/** What a token is to be. */
export type NewToken = Omit<TokenGrant, 'expiresAtSeconds'> & { readonly ttlSeconds: number };

export type MintedToken = { readonly accessToken: string; readonly expiresAtMs: number };

export type AccessTokens = {
  mint(token: NewToken): Promise<MintedToken>;
  /** Judges a text: `TOKEN_EXPIRED` from its instant on, `KEY_UNKNOWN` for all else. */
  judge(text: string): Promise<TokenBearer>;
};

/** The scope of the API keys that mint, and must still have it for their tokens to be good. */
const mintingScope = 'ledger:read';

const algorithm = 'HS256';
const issuer = 'scrip';
const audience = 'scrip.ledger';
const msPerSecond = 1000;
/** How far the clock of the server that minted a token may be ahead of this one's. */
const skewSecondsMax = 60;
/** A hundred account ids are 2.5 KiB. */
const lengthMax = 8192;
const shape = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Nobody is asked for a key by a name that none can have. */
const kidShape = /^\w{1,64}$/;

type UsableKey = { readonly id: string; readonly key: webcrypto.CryptoKey };

/** Whether a text can be an access token at all: no API key has a dot. */
export function looksLikeAccessToken(text: string): boolean {
  return text.length <= lengthMax && shape.test(text);
}

/**
 * Mints and judges tokens. Signing keys are asked for twice a second at most, so that a new one is
 * used, and a deleted one refused, within a second.
 */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { signingKeys, findKey, clock } = options;
  const newest = remember(async () => usableKey(await signingKeys.newest()), clock);
  const find = remember(async (id) => usableKey(await signingKeys.find(id)), clock);
  return {
    mint: async ({ ttlSeconds, ...grant }) => {
      const signingKey = await newest('newest');
      if (signingKey === undefined) throw new Error('There is no key to sign with.');
      const nowSeconds = Math.floor(clock.nowMs() / msPerSecond);
      const expiresAtSeconds = nowSeconds + ttlSeconds;
      const accessToken = await new SignJWT(toClaims({ ...grant, expiresAtSeconds }))
        .setProtectedHeader({ alg: algorithm, kid: signingKey.id })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(nowSeconds)
        .sign(signingKey.key);
      return { accessToken, expiresAtMs: expiresAtSeconds * msPerSecond };
    },
    judge: async (text) => {
      const grant = fromClaims(await verify(text, find, clock));
      const key = grant && (await findKey(grant.apiKeyId));
      if (grant === undefined || key === undefined || !isOf(key, grant)) throw tokenUnknown();
      return { key: { ...key, scopes: [] }, viewer: viewerOf(grant) };
    },
  };
}

/** The claims of a token whose signature is good and whose time has not come. */
async function verify(text: string, find: Recall<UsableKey>, clock: Clock): Promise<JWTPayload> {
  const keyOf = async ({ kid }: { readonly kid?: string }): Promise<webcrypto.CryptoKey> => {
    const known = kidShape.test(kid ?? '') ? await find(kid ?? '') : undefined;
    if (known === undefined) throw new errors.JWKSNoMatchingKey();
    return known.key;
  };
  const rules = {
    algorithms: [algorithm],
    issuer,
    audience,
    requiredClaims: ['iat', 'exp'],
    currentDate: new Date(clock.nowMs()),
  };
  try {
    const { payload } = await jwtVerify(text, keyOf, rules);
    const { iat = Infinity } = payload;
    if (iat > clock.nowMs() / msPerSecond + skewSecondsMax) throw tokenUnknown();
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw tokenExpired();
    throw error instanceof errors.JOSEError ? tokenUnknown() : error;
  }
}

async function usableKey(found: SigningKey | undefined): Promise<UsableKey | undefined> {
  if (found === undefined) return undefined;
  const { id, secret } = found;
  const use = { name: 'HMAC', hash: 'SHA-256' };
  const bytes = new Uint8Array(secret);
  const key = await webcrypto.subtle.importKey('raw', bytes, use, false, ['sign', 'verify']);
  return { id, key };
}

function isOf(key: KnownKey, { storeId, mode }: TokenGrant): boolean {
  return key.storeId === storeId && key.mode === mode && key.scopes.includes(mintingScope);
}

function viewerOf({ scope, expiresAtSeconds }: TokenGrant): Viewer {
  return { scope, expiresAtMs: expiresAtSeconds * msPerSecond };
}
