// Texts and metadata are bounded and storable.
import { describe, expect, it } from 'vitest';
import { parseMetadata, type Metadata } from './metadata.ts';
import { parseText } from './text.ts';

describe('parseText', () => {
  const rule = { field: 'reference', lengthMax: 5 };

  it('counts characters, not their encoding', () => {
    expect(parseText('👍👍👍👍👍', rule)).toMatchObject({ kind: 'parsed' });
    expect(parseText('👍👍👍👍👍👍', rule)).toMatchObject({ reason: 'FIELD_INVALID' });
  });

  it.each(['', 'a\u0000b', '\ud800', '123456'])('refuses %j and names the field', (text) => {
    expect(parseText(text, rule)).toMatchObject({
      kind: 'refused',
      reason: 'FIELD_INVALID',
      metadata: { field: 'reference' },
    });
  });

  it('trims when the rule says so, before it counts', () => {
    expect(parseText('  abcde ', { ...rule, trim: true })).toEqual({
      kind: 'parsed',
      value: 'abcde',
    });
  });
});

describe('parseMetadata', () => {
  it('sorts keys at every depth', () => {
    const sorted = parseMetadata({ b: 1, a: { d: [{ y: 1, x: 2 }], c: null } });
    expect(JSON.stringify(sorted)).toBe(
      '{"kind":"parsed","value":{"a":{"c":null,"d":[{"x":2,"y":1}]},"b":1}}',
    );
  });

  it('keeps a key named __proto__ an ordinary key', () => {
    const metadata = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}') as { a: number };
    const sorted = parseMetadata(metadata);
    expect(JSON.stringify(sorted)).toContain('"__proto__":{"polluted":true}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('takes an empty object as absent', () => {
    expect(parseMetadata({})).toEqual({ kind: 'parsed', value: undefined });
  });

  it.each([
    ['51 keys', Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, i]))],
    ['more than 16 KiB', { text: 'x'.repeat(16 * 1024) }],
    ['a character that cannot be stored', { list: ['a\u0000'] }],
    ['an unpaired surrogate in a key', { '\udc00': 1 }],
    ['a number that is not finite', { n: Number.NaN }],
    ['33 levels', nested(33)],
  ])('refuses %s', (_, metadata) => {
    expect(parseMetadata(metadata)).toMatchObject({
      reason: 'FIELD_INVALID',
      metadata: { field: 'metadata' },
    });
  });
});

function nested(depth: number): Metadata {
  return depth === 1 ? { leaf: {} } : { next: nested(depth - 1) };
}
