// Reads JSON so that no number changes on the way: one that a double cannot keep stays text.
import { FaultError } from '../faults/fault.ts';

const sourceText = Symbol('sourceText');

/** A number of a request that is not exact as a double, by the digits that were sent. */
export type InexactNumber = { readonly [sourceText]: string };

/** Arrays and objects within each other; more is an attack, not a request. */
const depthMax = 32;
/** Longer numbers count as inexact unread: comparing them costs time that an attacker chooses. */
const sourceLengthMax = 400;

/** Parses the bytes of a body. Refuses what is not JSON, not UTF-8, too deep, or a trap. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (isTooDeep(text)) throw malformed(`is nested deeper than ${depthMax} levels`);
    return JSON.parse(text, keepExact);
  } catch (error) {
    throw error instanceof FaultError ? error : malformed('is not valid JSON');
  }
}

/** Whether a parsed value is a number that a double cannot keep. */
export function isInexactNumber(value: unknown): value is InexactNumber {
  return typeof value === 'object' && value !== null && sourceText in value;
}

/** The digits of such a number, as they were sent. */
export function sourceOf(value: InexactNumber): string {
  return value[sourceText];
}

/** A number for JSON.stringify to write digit by digit: a canonical decimal of the ledger. */
export function exactNumber(decimal: string): unknown {
  return (JSON as JSON & { rawJSON: (text: string) => unknown }).rawJSON(decimal);
}

function keepExact(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (key === '__proto__') throw malformed('has a key __proto__');
  if (!key.isWellFormed()) throw malformed('has an unpaired surrogate');
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw malformed('has an unpaired surrogate');
  }
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  const isExact = source.length <= sourceLengthMax && decimalOf(source) === decimalOf(`${value}`);
  return isExact ? value : { [sourceText]: source };
}

/** One text for equal numbers: digits without zeros at the ends, and a power of ten. */
function decimalOf(source: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source);
  if (parts === null) return source;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = BigInt(exponent) - BigInt(fraction.length - (digits.length - significant.length));
  return `${sign}${significant}e${power}`;
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else inString = character !== '"';
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > depthMax) return true;
  }
  return false;
}

function malformed(problem: string): FaultError {
  return new FaultError('REQUEST_MALFORMED', `The body ${problem}.`);
}
