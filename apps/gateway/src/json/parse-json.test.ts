// Numbers survive, traps do not.
import { describe, expect, it } from 'vitest';
import { exactNumber, isInexactNumber, parseJson } from './parse-json.ts';

const parse = (text: string) => parseJson(new TextEncoder().encode(text));

describe('parseJson', () => {
  it.each(['0', '-0', '1.10', '1e3', '0.1', '123456789012345', '1E-7', '9007199254740992'])(
    'keeps %s as a number',
    (text) => {
      expect(parse(text)).toBe(JSON.parse(text));
    },
  );

  it.each([
    '12345678901234567890',
    '9007199254740993',
    '0.1000000000000000055',
    '1e400',
    `1${'0'.repeat(500)}`,
  ])('keeps %s apart from the double it is not', (text) => {
    expect(isInexactNumber(parse(text))).toBe(true);
  });

  it('allows brackets and quotes inside strings', () => {
    const text = JSON.stringify({ a: '[[[["\\{{{{'.repeat(100) });
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['what is not JSON', '{'],
    ['an empty text', ' '],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['a key __proto__', '{"__proto__": {}}'],
    ['an unpaired surrogate', String.raw`{"a": "\ud800"}`],
    ['an unpaired surrogate in a key', String.raw`{"\ud800": 1}`],
  ])('refuses %s', (_name, text) => {
    expect(() => parse(text)).toThrow(/^The body /);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow('is not valid JSON');
  });
});

describe('exactNumber', () => {
  it('writes every digit', () => {
    const digits = '12345678901234567890123456789012345678.25';
    expect(JSON.stringify({ balance: exactNumber(digits) })).toBe(`{"balance":${digits}}`);
  });
});
