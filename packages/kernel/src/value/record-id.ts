// Ids of records: UUIDs that are derived from where a thing stands in its book, and read back.
import { createHmac } from 'node:crypto';
import { assert } from './assert.ts';
import type { Instant } from './instant.ts';
import { deriveRoundKeys, scramble, unscramble, type Halves } from './permutation.ts';
import type { Sequence } from './sequence.ts';

/** Kinds of records, with the number that their ids carry. Numbers are never used again. */
export const recordKinds = {
  coupon: 1,
  coupon_code: 2,
  customer_credit: 3,
  redemption: 4,
  membership: 5,
  credit_rule: 6,
} as const;

/** A kind of thing that has a UUID. */
export type RecordKind = keyof typeof recordKinds;

/** Where a record was made. */
export interface RecordPlace {
  readonly kind: RecordKind;
  /** The event that made it. */
  readonly sequence: Sequence;
  /** Its number among those of its kind that the event made, from 0. Below 2^18. */
  readonly line: number;
}

/** The ids of records of one book. */
export interface RecordIds {
  /** The id of a record: it also carries a seal over the place, the instant and the book. */
  recordId(place: RecordPlace, instant: Instant): string;
  /**
   * Reads where a record must stand if there is one: whether it is there, and bears this very id,
   * is for the caller to see. Letters may be upper case. Nothing for what has another form.
   */
  recordPlace(text: string): RecordPlace | undefined;
  /** A code for a record, of the form that `isMadeUpCode` knows. No two places share one. */
  madeUpCode(place: RecordPlace): string;
}

/** Makes the ids of the book with this key. */
export function createRecordIds(idKey: Uint8Array): RecordIds {
  const idKeys = deriveRoundKeys(idKey, 'scrip record ids');
  const codeKeys = deriveRoundKeys(idKey, 'scrip coupon codes');
  return {
    recordId: (place, instant) => {
      const head = hexOf(scramble(halvesOf(place), idKeys));
      const { kind, sequence, line } = place;
      const facts = `scrip record ${kind} ${sequence} ${line} ${instant}`;
      const seal = createHmac('sha256', idKey).update(facts).digest('hex');
      return uuidOf(head + seal.slice(0, 14));
    },
    recordPlace: (text) => {
      const digits = digitsOf(text.toLowerCase());
      if (digits === undefined) return undefined;
      const high = Number.parseInt(digits.slice(0, 8), 16);
      return placeOf(unscramble([high, Number.parseInt(digits.slice(8, 16), 16)], idKeys));
    },
    madeUpCode: (place) => codeOf(scramble(halvesOf(place), codeKeys)),
  };
}

const madeUpShape = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}$/;

/** Whether a code has the form of those that are made up. Callers' own codes have another. */
export function isMadeUpCode(code: string): boolean {
  return madeUpShape.test(code);
}

// 64 bits from the top: kind 4, line 18, sequence 42.
function halvesOf({ kind, sequence, line }: RecordPlace): Halves {
  assert(sequence > 0 && sequence < 2 ** 42, 'a sequence is between 1 and 2^42');
  assert(line >= 0 && line < 2 ** 18, 'a line of a record is between 0 and 2^18');
  const high = recordKinds[kind] * 2 ** 28 + line * 2 ** 10 + Math.floor(sequence / 2 ** 32);
  return [high, sequence % 2 ** 32];
}

function placeOf([high, low]: Halves): RecordPlace | undefined {
  const number = Math.floor(high / 2 ** 28);
  const kind = (Object.keys(recordKinds) as RecordKind[]).find(
    (each) => recordKinds[each] === number,
  );
  const sequence = ((high % 2 ** 10) * 2 ** 32 + low) as Sequence;
  if (kind === undefined || sequence === 0) return undefined;
  return { kind, sequence, line: Math.floor(high / 2 ** 10) % 2 ** 18 };
}

function hexOf([high, low]: Halves): string {
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

/** 30 digits as a UUID of version 8, whose other digits are free for the taking. */
function uuidOf(digits: string): string {
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(12, 15)}`];
  return [...parts, `8${digits.slice(15, 18)}`, digits.slice(18, 30)].join('-');
}

const uuidShape = /^([0-9a-f]{8})-([0-9a-f]{4})-8([0-9a-f]{3})-8([0-9a-f]{3})-([0-9a-f]{12})$/;

function digitsOf(uuid: string): string | undefined {
  const match = uuidShape.exec(uuid);
  return match === null ? undefined : match.slice(1).join('');
}

/** Without I, L, O and U, which are misread. */
const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function codeOf([high, low]: Halves): string {
  let rest = (BigInt(high) << 32n) | BigInt(low);
  let text = '';
  for (let i = 0; i < 13; i++) {
    text = (codeAlphabet[Number(rest % 32n)] ?? '') + text;
    rest /= 32n;
  }
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}
