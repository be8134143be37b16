// How keys look, and what is stored of them.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createApiKey, digestApiKey, looksLikeApiKey } from './api-key.ts';

const secret = new Uint8Array(32).fill(255);

describe('an API key', () => {
  it.each(['test', 'prod', 'operator'] as const)('tells its mode %s and looks like one', (mode) => {
    const { apiKey, prefix } = createApiKey({ mode, secret });
    expect(apiKey).toBe(`scrip_${mode}_${'_'.repeat(42)}8`);
    expect(prefix).toBe(`scrip_${mode}_____`);
    expect(looksLikeApiKey(apiKey)).toBe(true);
  });

  it('is stored as its SHA-256', () => {
    const { apiKey, digest } = createApiKey({ mode: 'test', secret });
    const expected = createHash('sha256').update(apiKey).digest();
    expect([...digest]).toEqual([...expected]);
    expect([...digestApiKey(apiKey)]).toEqual([...expected]);
  });

  it('is not made from a secret that could be guessed', () => {
    expect(() => createApiKey({ mode: 'test', secret: new Uint8Array(15) })).toThrow(RangeError);
  });

  it.each([
    '',
    'scrip_test_',
    'scrip_live_AAAAAAAAAAAAAAAAAAAAAAAA',
    `scrip_test_${'A'.repeat(200)}`,
  ])('is not %j', (text) => {
    expect(looksLikeApiKey(text)).toBe(false);
  });
});
