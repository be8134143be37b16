// Amounts of this API: whole numbers, exact at any size, as JSON numbers or as digits.
import { invalidField } from '../faults/fault.ts';
import { isInexactNumber, sourceOf } from '../json/parse-json.ts';

/** Digits that the ledger takes before the point. */
const digitsMax = 38;
const numberForm = /^(-?)(\d{1,100})(?:\.(\d{1,100}))?(?:e([+-]?\d{1,3}))?$/i;

type Asked = { readonly field: string; readonly zeroAllowed?: boolean };

/** Reads an amount of a body as canonical digits. Refuses fractions, signs and, mostly, zero. */
export function readAmount(value: unknown, { field, zeroAllowed = false }: Asked): string {
  const digits = wholeDigits(textOf(value));
  if (digits === undefined) throw invalidField(field, 'must be a whole number of credits');
  if (digits.startsWith('-') || (digits === '0' && !zeroAllowed)) {
    throw invalidField(field, `must be ${zeroAllowed ? 'zero or more' : 'more than zero'}`);
  }
  if (digits.length > digitsMax) {
    throw invalidField(field, `must have at most ${digitsMax} digits`);
  }
  return digits;
}

/** The difference of two decimals of the ledger with so many fraction digits; never below zero. */
export function remainder(amount: string, taken: string, scale: number): string {
  const rest = unitsOf(amount, scale) - unitsOf(taken, scale);
  if (rest <= 0n) return '0';
  const padded = String(rest).padStart(scale + 1, '0');
  const whole = padded.slice(0, padded.length - scale);
  const fraction = padded.slice(padded.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function textOf(value: unknown): string {
  if (isInexactNumber(value)) return sourceOf(value);
  if (typeof value === 'number') return String(value);
  // A text is digits and nothing else; a sign is told that it is one too many.
  return typeof value === 'string' && /^-?\d+$/.test(value) ? value : '';
}

/** The digits of a whole number and its sign, however it is written: `1e3` is `1000`. */
function wholeDigits(text: string): string | undefined {
  const parts = numberForm.exec(text);
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const shift = Number(exponent) - fraction.length;
  const digits = `${whole}${fraction}${'0'.repeat(Math.max(shift, 0))}`;
  const cut = digits.length + Math.min(shift, 0);
  if (/[1-9]/.test(digits.slice(Math.max(cut, 0)))) return undefined;
  const canonical = digits.slice(0, Math.max(cut, 0)).replace(/^0+(?=\d)/, '') || '0';
  return canonical === '0' ? canonical : `${sign}${canonical}`;
}

function unitsOf(amount: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}
