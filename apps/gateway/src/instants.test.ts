// Instants in and out.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { isoInstant, isoSeconds, parseInstant } from './instants.ts';

describe('parseInstant', () => {
  it.each([
    ['2026-05-01T08:00:00Z', '2026-05-01T08:00:00.000Z'],
    ['2026-05-01T08:00:00.123456+02:00', '2026-05-01T06:00:00.123Z'],
    ['2024-02-29T23:59:59-01:30', '2024-03-01T01:29:59.000Z'],
    ['2026-05-01T08:00Z', '2026-05-01T08:00:00.000Z'],
  ])('reads %s as %s', (text, iso) => {
    expect(isoInstant(parseInstant(text))).toBe(iso);
  });

  it.each([
    '2026-05-01',
    '2026-05-01T08:00:00',
    '2026-05-01 08:00:00Z',
    '2026-02-30T08:00:00Z',
    '2026-13-01T08:00:00Z',
    '2026-05-01T24:00:00Z',
    '2026-05-01T08:00:60Z',
    '1767225600000',
    '',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('isoSeconds', () => {
  it('cuts to whole seconds', () => {
    expect(isoSeconds(timestampFromMs(1_999))).toBe('1970-01-01T00:00:01Z');
  });
});
