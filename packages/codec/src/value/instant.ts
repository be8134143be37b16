// Instants: whole milliseconds inside, Timestamps on the wire.
import { create } from '@bufbuild/protobuf';
import { TimestampSchema, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  assert,
  instantFromMs,
  parsed,
  refuseField,
  type Instant,
  type Parsed,
} from '@scrip/kernel';

const nanosPerMs = 1_000_000;
const nanosMax = 999_999_999;
/** 0001-01-01T00:00:00Z, the first instant of the Timestamp type. */
const secondsMin = -62_135_596_800n;
/** 9999-12-31T23:59:59Z, its last whole second. */
const secondsMax = 253_402_300_799n;
/** Its last whole millisecond: the next one has five digits for the year. */
const msMax = Number(secondsMax) * 1000 + 999;

/** An instant as a Timestamp in whole milliseconds. */
export function toProtoTimestamp(instant: Instant): Timestamp {
  const { seconds, nanos } = secondsAndNanos(instant);
  return create(TimestampSchema, { seconds: BigInt(seconds), nanos });
}

/** The parts of a Timestamp. */
export function secondsAndNanos(instant: Instant): {
  readonly seconds: number;
  readonly nanos: number;
} {
  const seconds = Math.floor(instant / 1000);
  return { seconds, nanos: (instant - seconds * 1000) * nanosPerMs };
}

/** A Timestamp that the ledger wrote. */
export function fromProtoTimestamp(timestamp: Timestamp | undefined): Instant {
  assert(timestamp !== undefined, 'what the ledger wrote has its instants');
  return instantFromMs(Number(timestamp.seconds) * 1000 + timestamp.nanos / nanosPerMs);
}

/** An instant that may be absent. */
export function toProtoOptionalTimestamp(instant: Instant | undefined): Timestamp | undefined {
  return instant === undefined ? undefined : toProtoTimestamp(instant);
}

/** A Timestamp that the ledger wrote, or left out. */
export function fromProtoOptionalTimestamp(timestamp: Timestamp | undefined): Instant | undefined {
  return timestamp === undefined ? undefined : fromProtoTimestamp(timestamp);
}

/** A bound in a request: the field, and where to go when it lies between two milliseconds. */
export type TimestampRule = {
  readonly field: string;
  /** `down` for bounds that include what is before them, `up` for bounds on what is after. */
  readonly round: 'down' | 'up';
};

/** A Timestamp that a request may leave out; see `fromProtoRequestedTimestamp`. */
export function fromProtoOptionalRequestedTimestamp(
  timestamp: Timestamp | undefined,
  rule: TimestampRule,
): Parsed<Instant | undefined> {
  return timestamp === undefined ? parsed(undefined) : fromProtoRequestedTimestamp(timestamp, rule);
}

/** An instant of a grant, a hold or a schedule that a request may name, cut to a millisecond. */
export function fromProtoOptionalTermTimestamp(
  timestamp: Timestamp | undefined,
  field: string,
): Parsed<Instant | undefined> {
  const instant = fromProtoOptionalRequestedTimestamp(timestamp, { field, round: 'down' });
  if (instant.kind === 'refused' || instant.value === undefined || instant.value > 0) {
    return instant;
  }
  return refuseField(field, 'is not after 1970');
}

/**
 * A Timestamp of a request, as the whole millisecond that bounds the same events. Refuses what lies
 * outside the years 1 to 9999.
 */
export function fromProtoRequestedTimestamp(
  timestamp: Timestamp,
  rule: TimestampRule,
): Parsed<Instant> {
  const { seconds, nanos } = timestamp;
  const isSecondsOut = seconds < secondsMin || seconds > secondsMax;
  if (isSecondsOut || nanos < 0 || nanos > nanosMax) {
    return refuseField(rule.field, 'is not a timestamp of the years 1 to 9999');
  }
  const part = nanos / nanosPerMs;
  const ms = Number(seconds) * 1000 + (rule.round === 'up' ? Math.ceil(part) : Math.floor(part));
  return parsed(instantFromMs(Math.min(ms, msMax)));
}
