// What a token tells of its book.
import { describe, expect, it } from 'vitest';
import { modeOf } from './token-mode.ts';

const tokenOf = (claims: object): string =>
  `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.seal`;

describe('the mode of a token', () => {
  it.each(['test', 'prod'] as const)('is read from its claims: %s', (mode) => {
    expect(modeOf(tokenOf({ customer_id: 'Žižek ☃ ~~~???', mode }))).toBe(mode);
  });

  it.each(['', 'strange', 'a.b.c', 'a.bnVsbA.c', tokenOf({ mode: 'other' })])(
    'is unknown where a token does not say: %s',
    (token) => {
      expect(modeOf(token)).toBeUndefined();
    },
  );
});
