// Amounts are exact, canonical, and refused when they are anything else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountFromText, formatAmount, parseAmount, scaleAmount } from './amount.ts';

const malformed = [
  '',
  '-1',
  '+1',
  '1e3',
  '01',
  '00',
  ' 1',
  '1 ',
  'NaN',
  'Infinity',
  '0x10',
  '1.',
  '.5',
  '1,5',
  '1_000',
  '１',
  '1'.repeat(39),
  `0.${'1'.repeat(19)}`,
  '1'.repeat(100_000),
];

describe('parseAmount', () => {
  it.each(malformed)('refuses %j', (text) => {
    expect(parseAmount(text, { field: 'amount' })).toMatchObject({
      kind: 'refused',
      reason: 'AMOUNT_INVALID',
      metadata: { field: 'amount' },
    });
  });

  it.each(['0', '0.0', '0.000'])('refuses the zero %j unless it is allowed', (text) => {
    expect(parseAmount(text, { field: 'amount' })).toMatchObject({ reason: 'AMOUNT_INVALID' });
    const allowed = parseAmount(text, { field: 'amount', allowZero: true });
    expect(allowed).toEqual({ kind: 'parsed', value: '0' });
  });

  it.each([
    ['5.00', '5'],
    ['5.10', '5.1'],
    ['0.000000000000000001', '0.000000000000000001'],
    [`0.5${'0'.repeat(30)}`, '0.5'],
    ['9'.repeat(38), '9'.repeat(38)],
    [`${'9'.repeat(38)}.${'9'.repeat(18)}`, `${'9'.repeat(38)}.${'9'.repeat(18)}`],
  ])('reads %j by value', (text, canonical) => {
    expect(parseAmount(text, { field: 'a' })).toEqual({ kind: 'parsed', value: canonical });
  });
});

describe('scaleAmount', () => {
  it('refuses an amount finer than the unit and names the scale', () => {
    const amount = parsedAmount('1.25');
    expect(scaleAmount(amount, 1, 'amount')).toMatchObject({
      reason: 'AMOUNT_INVALID',
      metadata: { field: 'amount', scale: '1' },
    });
    expect(scaleAmount(amount, 2, 'amount')).toEqual({ kind: 'parsed', value: 125n });
  });

  it('takes 5.00 as whole', () => {
    expect(scaleAmount(parsedAmount('5.00'), 0, 'amount')).toEqual({ kind: 'parsed', value: 5n });
  });
});

describe('formatAmount', () => {
  it('is undone by reading, at every scale, far beyond 64 bits', () => {
    const amounts = fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 18 }), (amount, scale) => {
        expect(amountFromText(formatAmount(amount, scale), scale)).toBe(amount);
      }),
    );
  });

  it('writes no leading or trailing zeros', () => {
    expect(formatAmount(1_500n, 3)).toBe('1.5');
    expect(formatAmount(-5n, 3)).toBe('-0.005');
    expect(formatAmount(0n, 18)).toBe('0');
  });
});

function parsedAmount(text: string) {
  const amount = parseAmount(text, { field: 'amount' });
  if (amount.kind === 'refused') throw new Error(amount.message);
  return amount.value;
}
