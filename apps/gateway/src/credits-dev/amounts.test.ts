// Amounts of the Accounts API, out of bodies as they were sent.
import { describe, expect, it } from 'vitest';
import { FaultError } from '../faults/fault.ts';
import { parseJson } from '../json/parse-json.ts';
import { readAmount, remainder } from './amounts.ts';

const sent = (json: string) => parseJson(new TextEncoder().encode(json));

describe('an amount', () => {
  it.each([
    ['1', '1'],
    ['100', '100'],
    ['"100"', '100'],
    ['"007"', '7'],
    ['5.0', '5'],
    ['1e3', '1000'],
    ['1e30', `1${'0'.repeat(30)}`],
    ['12.5e1', '125'],
    ['9007199254740993', '9007199254740993'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['120000000000000000000000000000000000001e0', undefined],
    ['1.5', undefined],
    ['1e-1', undefined],
    ['-1', undefined],
    ['-0', undefined],
    ['0', undefined],
    ['0.0', undefined],
    ['1e38', undefined],
    ['1e999', undefined],
    ['"1.0"', undefined],
    ['"+1"', undefined],
    ['" 1"', undefined],
    ['""', undefined],
    ['"1e3"', undefined],
    ['true', undefined],
    ['[1]', undefined],
    ['{}', undefined],
    ['null', undefined],
  ])('%s is read as %s', (json, digits) => {
    const read = () => readAmount(sent(json), { field: 'amount' });
    if (digits === undefined) expect(read).toThrow(FaultError);
    else expect(read()).toBe(digits);
  });

  it('may be zero where that is allowed', () => {
    for (const json of ['0', '"0"', '0.0', '0e9', '-0', '"000"']) {
      expect(readAmount(sent(json), { field: 'actualAmount', zeroAllowed: true })).toBe('0');
    }
  });
});

it.each([
  ['150', '120', 0, '30'],
  ['150', '150', 0, '0'],
  ['150', '151', 0, '0'],
  ['1.5', '0.25', 2, '1.25'],
  ['1', '0.25', 2, '0.75'],
  ['2', '0.5', 1, '1.5'],
  ['2', '1.50', 2, '0.5'],
  ['98765432109876543210', '1', 0, '98765432109876543209'],
])('of %s without %s, at scale %d, %s remains', (amount, taken, scale, rest) => {
  expect(remainder(amount, taken, scale)).toBe(rest);
});
