// Ids: derived from where a thing stands in its book, scrambled by the book's key, and read back.
import { assert } from './assert.ts';
import { createBase62, type Base62 } from './base62.ts';
import type { Instant } from './instant.ts';
import { deriveRoundKeys, scramble, unscramble, type Halves } from './permutation.ts';
import { createRecordIds, type RecordIds } from './record-id.ts';
import type { Sequence } from './sequence.ts';

/** A public id of an account: `cca_` and eleven base-62 characters. */
export type AccountId = string & { readonly brand: 'AccountId' };
/** A public id of a transaction: `cct_` and eleven base-62 characters. */
export type TransactionId = string & { readonly brand: 'TransactionId' };
/** A public id of an entry: `cce_` and eleven base-62 characters. */
export type EntryId = string & { readonly brand: 'EntryId' };

/** A public id of a grant: `grt_` and eleven base-62 characters. */
export type GrantId = string & { readonly brand: 'GrantId' };
/** A public id of a hold: `hld_` and eleven base-62 characters. */
export type HoldId = string & { readonly brand: 'HoldId' };

/** A public id of a schedule: `sch_` and eleven base-62 characters. */
export type ScheduleId = string & { readonly brand: 'ScheduleId' };

export type { Sequence };

/** What an id stands for: a kind of thing, and the place in the book where it was made. */
export interface Place {
  readonly sequence: Sequence;
  /** The line within its transaction, for entries; 0 otherwise. */
  readonly line: number;
  /** The low 12 bits of the instant of the event, in milliseconds: a check on a guessed id. */
  readonly instantBits: number;
}

/** The ids of one book. An id of another book, or a made-up one, reads as nothing. */
export interface Ids extends RecordIds {
  accountId(sequence: Sequence, instant: Instant): AccountId;
  transactionId(sequence: Sequence, instant: Instant): TransactionId;
  entryId(sequence: Sequence, instant: Instant, line: number): EntryId;
  grantId(sequence: Sequence, instant: Instant): GrantId;
  holdId(sequence: Sequence, instant: Instant): HoldId;
  scheduleId(sequence: Sequence, instant: Instant): ScheduleId;
  /** Reads an account id; the caller compares `instantBits` with the row. */
  accountPlace(text: string): Place | undefined;
  /** Reads a transaction id; the caller compares `instantBits` with the row. */
  transactionPlace(text: string): Place | undefined;
  /** Reads an entry id; the caller compares `instantBits` with the row. */
  entryPlace(text: string): Place | undefined;
  /** Reads a grant id; the caller compares `instantBits` with the row. */
  grantPlace(text: string): Place | undefined;
  /** Reads a hold id; the caller compares `instantBits` with the row. */
  holdPlace(text: string): Place | undefined;
  /** Reads a schedule id; the caller compares `instantBits` with the row. */
  schedulePlace(text: string): Place | undefined;
}

interface Kind {
  readonly texts: Base62;
  readonly number: number;
}

const accountKind: Kind = { texts: createBase62('cca_'), number: 1 };
const transactionKind: Kind = { texts: createBase62('cct_'), number: 2 };
const entryKind: Kind = { texts: createBase62('cce_'), number: 3 };
const grantKind: Kind = { texts: createBase62('grt_'), number: 4 };
const holdKind: Kind = { texts: createBase62('hld_'), number: 5 };
const scheduleKind: Kind = { texts: createBase62('sch_'), number: 6 };

/** The ids of the book with this key. `idKey` is secret to the book: 16 random bytes or more. */
export function createIds(idKey: Uint8Array): Ids {
  const roundKeys = deriveRoundKeys(idKey, 'scrip ids');
  const format = (kind: Kind, place: Place): string =>
    kind.texts.write(scramble(halvesFromPlace(kind, place), roundKeys));
  const parse = (kind: Kind, text: string): Place | undefined => {
    const halves = kind.texts.read(text);
    return halves && placeFromHalves(kind, unscramble(halves, roundKeys));
  };
  return {
    ...createRecordIds(idKey),
    accountId: (sequence, instant) =>
      format(accountKind, placeOf(sequence, instant, 0)) as AccountId,
    transactionId: (sequence, instant) =>
      format(transactionKind, placeOf(sequence, instant, 0)) as TransactionId,
    entryId: (sequence, instant, line) =>
      format(entryKind, placeOf(sequence, instant, line)) as EntryId,
    grantId: (sequence, instant) => format(grantKind, placeOf(sequence, instant, 0)) as GrantId,
    holdId: (sequence, instant) => format(holdKind, placeOf(sequence, instant, 0)) as HoldId,
    scheduleId: (sequence, instant) =>
      format(scheduleKind, placeOf(sequence, instant, 0)) as ScheduleId,
    accountPlace: (text) => parse(accountKind, text),
    transactionPlace: (text) => parse(transactionKind, text),
    entryPlace: (text) => parse(entryKind, text),
    grantPlace: (text) => parse(grantKind, text),
    holdPlace: (text) => parse(holdKind, text),
    schedulePlace: (text) => parse(scheduleKind, text),
  };
}

/** The bits of an instant that an id carries. */
export function instantBits(instant: Instant): number {
  return instant % 4096;
}

function placeOf(sequence: Sequence, instant: Instant, line: number): Place {
  assert(sequence > 0 && sequence < 2 ** 42, 'a sequence is between 1 and 2^42');
  assert(line >= 0 && line < 128, 'a line is between 0 and 127');
  return { sequence, line, instantBits: instantBits(instant) };
}

// 64 bits from the top: kind 3, line 7, sequence 42, instant 12.
function halvesFromPlace(kind: Kind, place: Place): Halves {
  const sequenceHigh = Math.floor(place.sequence / 2 ** 20);
  const sequenceLow = place.sequence % 2 ** 20;
  const high = ((kind.number << 29) | (place.line << 22) | sequenceHigh) >>> 0;
  return [high, ((sequenceLow << 12) | place.instantBits) >>> 0];
}

function placeFromHalves(kind: Kind, [high, low]: Halves): Place | undefined {
  if (high >>> 29 !== kind.number) return undefined;
  const line = (high >>> 22) & 0x7f;
  if (kind !== entryKind && line !== 0) return undefined;
  const sequence = (high & 0x3fffff) * 2 ** 20 + (low >>> 12);
  return { sequence: sequence as Sequence, line, instantBits: low & 0xfff };
}
