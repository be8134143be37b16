// Amounts are grouped and never rounded.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { groupAmount } from './amount-text.ts';

const textOf = (amount: string, scale: number, locale = 'en-GB'): string =>
  groupAmount(amount, scale, locale)
    .map(({ text }) => text)
    .join('');

describe('an amount', () => {
  it.each([
    ['0', 0, '0'],
    ['999', 0, '999'],
    ['1000', 0, '1,000'],
    ['12.5', 2, '12.50'],
    ['12.5', 4, '12.5000'],
    ['12.5', 18, '12.5'],
    ['-1234.5', 2, '-1,234.50'],
    ['0.000000000000000001', 18, '0.000000000000000001'],
    [
      '12345678901234567890123456789012345678.123456789012345678',
      18,
      '12,345,678,901,234,567,890,123,456,789,012,345,678.123456789012345678',
    ],
  ])('is exact: %s at scale %i', (amount, scale, text) => {
    expect(textOf(amount, scale)).toBe(text);
  });

  it('is grouped as the reader is used to', () => {
    expect(textOf('1234567.5', 2, 'de-DE')).toBe('1.234.567,50');
  });

  it('may be broken behind a separator', () => {
    const pieces = groupAmount('1234.5', 2, 'en-GB');
    expect(pieces.map(({ text, endsGroup }) => `${text}${endsGroup ? '|' : ''}`).join(' ')).toBe(
      '1 ,| 234 .| 50',
    );
  });

  it('makes a format once for a unit, however many amounts there are', () => {
    const made = vi.spyOn(Intl, 'NumberFormat');
    onTestFinished(() => made.mockRestore());
    for (const amount of ['1', '22', '333']) groupAmount(amount, 7, 'sv-SE');
    expect(made).toHaveBeenCalledOnce();
  });
});
