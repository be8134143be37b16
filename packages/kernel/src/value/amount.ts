// Amounts: exact decimals. Outside they are texts, inside bigints scaled by their unit.
import { Decimal } from 'decimal.js';
import { parsed, refuse, type Parsed, type Refusal } from './refusal.ts';

/** Integer digits that an amount in a request may have. Sums may have more. */
const amountIntegerDigitsMax = 38;
/** Fraction digits that an amount or a unit may have. */
const amountFractionDigitsMax = 18;

/** A decimal text in canonical form: no sign, no leading zeros, no trailing fraction zeros. */
export type DecimalText = string & { readonly brand: 'DecimalText' };

const shape = /^(0|[1-9][0-9]*)(\.[0-9]+)?$/;

// The library's default of 20 digits rounds silently; 120 is beyond any amount that is let in.
const Exact = Decimal.clone({ precision: 120, toExpNeg: -9e15, toExpPos: 9e15, defaults: true });

/** What one amount field allows. */
export interface AmountRule {
  readonly field: string;
  readonly allowZero?: boolean;
}

/**
 * Checks an amount from outside and makes it canonical. Judged by value: `5.00` is `5`. Refuses
 * signs, exponents, spaces, leading zeros, more than 38 integer or 18 fraction digits and, unless
 * the rule allows it, zero: `AMOUNT_INVALID`.
 */
export function parseAmount(unchecked: string, rule: AmountRule): Parsed<DecimalText> {
  const problem = amountProblem(unchecked);
  if (problem !== undefined) return refuseAmount(rule.field, problem);
  const text = unchecked.includes('.') ? new Exact(unchecked).toFixed() : unchecked;
  if (fractionDigits(text) > amountFractionDigitsMax) {
    return refuseAmount(rule.field, `has more than ${amountFractionDigitsMax} fraction digits`);
  }
  if (text === '0' && rule.allowZero !== true) {
    return refuseAmount(rule.field, 'must be greater than zero');
  }
  return parsed(text as DecimalText);
}

/** Scales a canonical decimal to whole units of `scale`; refuses one that is finer than that. */
export function scaleAmount(text: DecimalText, scale: number, field: string): Parsed<bigint> {
  const point = text.indexOf('.');
  if (point === -1) return parsed(BigInt(text) * 10n ** BigInt(scale));
  const fraction = text.slice(point + 1);
  if (fraction.length > scale) {
    const message = `${field} is finer than the unit, which has ${scale} fraction digits.`;
    return refuse('AMOUNT_INVALID', message, { field, scale: String(scale) });
  }
  return parsed(BigInt(text.slice(0, point) + fraction.padEnd(scale, '0')));
}

/** Writes a scaled amount, which may be negative, as a canonical decimal. */
export function formatAmount(amount: bigint, scale: number): string {
  if (scale === 0) return amount.toString();
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  const integer = digits.slice(0, -scale);
  return fraction === '' ? `${sign}${integer}` : `${sign}${integer}.${fraction}`;
}

/** Reads back what `formatAmount` wrote: from a row or an event, where it was checked before. */
export function amountFromText(text: string, scale: number): bigint {
  const [integer = '', fraction = ''] = text.split('.');
  return BigInt(integer + fraction.padEnd(scale, '0'));
}

function amountProblem(unchecked: string): string | undefined {
  // Digits are counted before anything is computed, so that a long text costs nothing.
  if (unchecked === '') return 'is required';
  if (unchecked.length > 512 || !shape.test(unchecked)) return 'is not a plain decimal number';
  const integer = unchecked.split('.')[0] ?? '';
  if (integer.length > amountIntegerDigitsMax) {
    return `has more than ${amountIntegerDigitsMax} integer digits`;
  }
  return undefined;
}

function fractionDigits(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

function refuseAmount(field: string, problem: string): Refusal {
  return refuse('AMOUNT_INVALID', `${field} ${problem}.`, { field });
}
