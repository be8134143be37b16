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
  ])('%s is read as %s', (json, digits) => {
    expect(readAmount(sent(json), { field: 'amount' })).toBe(digits);
  });

  it.each([
    ['-1', false, 'amount must be more than zero.'],
    ['"-1"', false, 'amount must be more than zero.'],
    ['0', false, 'amount must be more than zero.'],
    ['-2', true, 'amount must be zero or more.'],
    ['-1.5', false, 'amount must be a whole number of credits.'],
  ])('%s, with zero allowed %s, is told what is wrong with it', (json, zeroAllowed, message) => {
    expect(() => readAmount(sent(json), { field: 'amount', zeroAllowed })).toThrow(message);
  });

  it.each([
    '120000000000000000000000000000000000001e0',
    '1.5',
    '1e-1',
    '-1',
    '-0',
    '0',
    '0.0',
    '1e38',
    '1e999',
    '"1.0"',
    '"+1"',
    '" 1"',
    '""',
    '"1e3"',
    'true',
    '[1]',
    '{}',
    'null',
  ])('%s is refused', (json) => {
    expect(() => readAmount(sent(json), { field: 'amount' })).toThrow(FaultError);
  });

  it('may be zero where that is allowed', () => {
    for (const json of ['0', '"0"', '0.0', '0e9', '-0', '"000"']) {
      expect(readAmount(sent(json), { field: 'actualAmount', zeroAllowed: true })).toBe('0');
    }
  });
});

it.each([
  { amount: '150', taken: '120', scale: 0, rest: '30' },
  { amount: '150', taken: '150', scale: 0, rest: '0' },
  { amount: '150', taken: '151', scale: 0, rest: '0' },
  { amount: '1.5', taken: '0.25', scale: 2, rest: '1.25' },
  { amount: '1', taken: '0.25', scale: 2, rest: '0.75' },
  { amount: '2', taken: '0.5', scale: 1, rest: '1.5' },
  { amount: '2', taken: '1.50', scale: 2, rest: '0.5' },
  { amount: '98765432109876543210', taken: '1', scale: 0, rest: '98765432109876543209' },
])('of $amount without $taken, at scale $scale, $rest remains', (asked) => {
  const { amount, taken, scale, rest } = asked;
  expect(remainder(amount, taken, scale)).toBe(rest);
});
