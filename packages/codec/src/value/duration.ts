// Lengths of time: whole milliseconds inside, Durations on the wire.
import type { Duration } from '@bufbuild/protobuf/wkt';
import { parsed, refuseField, type Parsed } from '@scrip/kernel';

const nanosPerMs = 1_000_000;
const nanosMax = 999_999_999;

/**
 * A length of time that a request names, in whole milliseconds; a part of one counts as a whole
 * one. Refuses what is no Duration: both of its parts have one sign, and a second has 10^9 nanos.
 */
export function fromProtoRequestedDuration(
  { seconds, nanos }: Duration,
  field: string,
): Parsed<number> {
  const isMixed = (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0);
  if (isMixed || Math.abs(nanos) > nanosMax) {
    return refuseField(field, 'is not a duration: its seconds and its nanos do not go together');
  }
  return parsed(Number(seconds) * 1000 + Math.ceil(nanos / nanosPerMs));
}
