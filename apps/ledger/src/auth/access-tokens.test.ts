// What makes an access token good, and what it is refused for.
import { ConnectError } from '@connectrpc/connect';
import type { AccountId } from '@scrip/kernel';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../errors/service-error.ts';
import type { ViewerScope } from '../view/viewer.ts';
import { createAccessTokens, looksLikeAccessToken, type SigningKey } from './access-tokens.ts';
import { createApiKey } from './api-key.ts';
import type { KnownKey } from './known-key.ts';

const startMs = 1_700_000_000_400;
const startSeconds = 1_700_000_000;
const owner = { storeId: 'sto_1', mode: 'test' } as const;
const ada: ViewerScope = { kind: 'customer', customerId: 'ada' };
const listed: ViewerScope = { kind: 'accounts', accountIds: ['cca_1', 'cca_2'] as AccountId[] };
const token = { ...owner, apiKeyId: 'key_1', scope: ada, ttlSeconds: 900 };

const signingKey = (n: number): SigningKey => ({
  id: `sgn_${n}`,
  secret: new Uint8Array(32).fill(n),
});

function createSetting() {
  const setting = {
    nowMs: startMs,
    asked: 0,
    signing: [signingKey(1)],
    key: { id: 'key_1', ...owner, scopes: ['ledger:read'] } as KnownKey | undefined,
  };
  const tokens = createAccessTokens({
    signingKeys: {
      newest: async () => setting.signing.at(-1) as SigningKey,
      find: async (id) => {
        setting.asked++;
        return setting.signing.find((each) => each.id === id);
      },
    },
    findKey: async (id) => (id === setting.key?.id ? setting.key : undefined),
    clock: { nowMs: () => setting.nowMs },
  });
  const refusalOf = async (text: string) => {
    const thrown = await tokens.judge(text).catch((error: unknown) => error);
    return thrown instanceof ConnectError ? reasonOf(thrown) : thrown;
  };
  return { setting, tokens, refusalOf };
}

/** Signs claims as a mint would, with whatever is changed. */
function sign(changed: JWTPayload, { key = signingKey(1), header = {} } = {}): Promise<string> {
  const good = { ...owner, store_id: owner.storeId, api_key_id: 'key_1', customer_id: 'ada' };
  const times = { iat: startSeconds, exp: startSeconds + 900 };
  return new SignJWT({ iss: 'scrip', aud: 'scrip.ledger', ...times, ...good, ...changed })
    .setProtectedHeader({ alg: 'HS256', kid: key.id, ...header })
    .sign(key.secret, { crit: { x: true } });
}

describe('a minted token', () => {
  it.each([ada, listed])('is good for what it was minted for: %j', async (scope) => {
    const { tokens } = createSetting();
    const { accessToken, expiresAtMs } = await tokens.mint({ ...token, scope });
    expect(expiresAtMs).toBe((startSeconds + 900) * 1000);
    expect(looksLikeAccessToken(accessToken)).toBe(true);
    const { key, viewer } = await tokens.judge(accessToken);
    expect(viewer).toEqual({ scope, expiresAtMs });
    expect(key).toEqual({ id: 'key_1', ...owner, scopes: [] });
  });

  it('says no more than it must', async () => {
    const { accessToken } = await createSetting().tokens.mint(token);
    expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'HS256', kid: 'sgn_1' });
    expect(decodeJwt(accessToken)).toEqual({
      iss: 'scrip',
      aud: 'scrip.ledger',
      iat: startSeconds,
      exp: startSeconds + 900,
      store_id: 'sto_1',
      mode: 'test',
      api_key_id: 'key_1',
      customer_id: 'ada',
    });
  });

  it('expires at its instant, not before', async () => {
    const { setting, tokens, refusalOf } = createSetting();
    const { accessToken, expiresAtMs } = await tokens.mint(token);
    setting.nowMs = expiresAtMs - 1;
    await tokens.judge(accessToken);
    setting.nowMs = expiresAtMs;
    expect(await refusalOf(accessToken)).toBe('TOKEN_EXPIRED');
  });

  it('asks for its signing key once in half a second', async () => {
    const { setting, tokens } = createSetting();
    const { accessToken } = await tokens.mint(token);
    for (let n = 0; n < 50; n++) await tokens.judge(accessToken);
    expect(setting.asked).toBe(1);
  });

  it('stays good when another key signs, and new ones are signed by that', async () => {
    const { setting, tokens } = createSetting();
    const { accessToken } = await tokens.mint(token);
    setting.signing.push(signingKey(2));
    setting.nowMs += 500;
    const { accessToken: younger } = await tokens.mint(token);
    expect(decodeProtectedHeader(younger).kid).toBe('sgn_2');
    for (const each of [accessToken, younger]) await tokens.judge(each);
  });

  it('is unknown half a second after its signing key is gone', async () => {
    const { setting, tokens, refusalOf } = createSetting();
    const { accessToken } = await tokens.mint(token);
    await tokens.judge(accessToken);
    setting.signing = [signingKey(2)];
    setting.nowMs += 500;
    expect(await refusalOf(accessToken)).toBe('KEY_UNKNOWN');
  });

  it.each([
    ['is revoked', undefined],
    ['is of another store', { storeId: 'sto_2' }],
    ['is of another mode', { mode: 'prod' }],
    ['may not read', { scopes: ['ledger:write'] }],
  ])('is unknown when the API key that minted it %s', async (_what, changed) => {
    const { setting, tokens, refusalOf } = createSetting();
    const { accessToken } = await tokens.mint(token);
    const { key } = setting;
    setting.key = key && changed && ({ ...key, ...changed } as KnownKey);
    expect(await refusalOf(accessToken)).toBe('KEY_UNKNOWN');
  });
});

describe('a token', () => {
  it('that was signed as a minted one is good', async () => {
    expect(await createSetting().refusalOf(await sign({}))).toMatchObject({ key: { id: 'key_1' } });
  });

  it.each<[string, JWTPayload, Parameters<typeof sign>[1]?]>([
    ['another issuer', { iss: 'other' }],
    ['another audience', { aud: 'other' }],
    ['no expiry', { exp: undefined } as unknown as JWTPayload],
    ['no issue', { iat: undefined } as unknown as JWTPayload],
    ['an issue to come', { iat: startSeconds + 61 }],
    ['an expiry that is none', { exp: 'later' } as unknown as JWTPayload],
    ['neither customer nor accounts', { customer_id: undefined }],
    ['an empty customer', { customer_id: '' }],
    ['an empty list', { customer_id: undefined, account_ids: [] }],
    ['both', { account_ids: ['cca_1'] }],
    ['another mode', { mode: 'live' }],
    ['a foreign signature', {}, { key: { ...signingKey(9), id: 'sgn_1' } }],
    ['an unknown signing key', {}, { key: signingKey(9) }],
    ['another algorithm', {}, { header: { alg: 'HS512' } }],
    ['no signing key', {}, { header: { kid: undefined } }],
    ['a critical header', {}, { header: { crit: ['x'], x: 1 } }],
  ])('with %s is unknown', async (_what, changed, how) => {
    const { refusalOf } = createSetting();
    expect(await refusalOf(await sign(changed, how))).toBe('KEY_UNKNOWN');
  });

  it('from a server whose clock is a minute ahead is good', async () => {
    const ahead = await sign({ iat: startSeconds + 60 });
    expect(await createSetting().refusalOf(ahead)).toMatchObject({ key: { id: 'key_1' } });
  });

  it.each(['', 'sgn_\u0000', 'x'.repeat(65)])('with the kid %j asks nobody', async (kid) => {
    const { setting, refusalOf } = createSetting();
    expect(await refusalOf(await sign({}, { header: { kid } }))).toBe('KEY_UNKNOWN');
    expect(setting.asked).toBe(0);
  });

  it('without a signature is unknown', async () => {
    const { tokens, refusalOf } = createSetting();
    const { accessToken } = await tokens.mint(token);
    const none = new UnsecuredJWT(decodeJwt(accessToken)).encode();
    expect(looksLikeAccessToken(none)).toBe(false);
    const [header] = none.split('.');
    const [, claims, signature] = accessToken.split('.');
    expect(await refusalOf(`${header}.${claims}.${signature}`)).toBe('KEY_UNKNOWN');
    expect(await refusalOf(none)).toBe('KEY_UNKNOWN');
  });

  it('with any character changed is unknown', async () => {
    const { tokens, refusalOf } = createSetting();
    const { accessToken } = await tokens.mint(token);
    // The last character of a part may carry bits that say nothing.
    for (let at = 0; at < accessToken.length; at += 7) {
      const other = accessToken[at] === 'A' ? 'Z' : 'A';
      const changed = accessToken.slice(0, at) + other + accessToken.slice(at + 1);
      if (accessToken[at] === '.' || accessToken[at + 1] === '.') continue;
      expect(await refusalOf(changed)).toBe('KEY_UNKNOWN');
    }
  });

  it('is told from an API key by its form', () => {
    const { apiKey } = createApiKey({ mode: 'test', secret: new Uint8Array(32) });
    expect(looksLikeAccessToken(apiKey)).toBe(false);
    expect(looksLikeAccessToken(`a.b.${'c'.repeat(8200)}`)).toBe(false);
  });

  it('that cannot be judged because the database is away is not called unknown', async () => {
    const { setting, tokens, refusalOf } = createSetting();
    const { accessToken } = await tokens.mint(token);
    const away = new Error('away');
    setting.signing.find = () => {
      throw away;
    };
    expect(await refusalOf(accessToken)).toBe(away);
  });
});
