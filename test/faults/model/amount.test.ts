// The model's own amounts, since it shares none of the kernel's code.
import { describe, expect, it } from 'vitest';
import { formatAmount, parseAmount, parseDecimal } from './amount.ts';

describe('amounts of the model', () => {
  it.each([
    ['1', 0, 1n],
    ['5.00', 0, 5n],
    ['0.25', 2, 25n],
    ['9'.repeat(38), 0, 10n ** 38n - 1n],
  ])('reads %s at scale %d', (text, scale, amount) => {
    expect(parseAmount(text, scale)).toBe(amount);
  });

  it.each(['', '0', '0.0', '-1', '+1', '1e3', '01', ' 1', '1.', '.5', 'NaN', '9'.repeat(39)])(
    'refuses %j',
    (text) => {
      expect(parseAmount(text, 18)).toBeUndefined();
    },
  );

  it('refuses what is finer than the unit', () => {
    expect(parseDecimal('0.251', 2)).toBeUndefined();
  });

  it.each([
    [0n, 2, '0'],
    [5n, 2, '0.05'],
    [1050n, 2, '10.5'],
    [1000n, 2, '10'],
  ])('writes %s of scale %d as %s', (amount, scale, text) => {
    expect(formatAmount(amount, scale)).toBe(text);
  });
});
