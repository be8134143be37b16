// Lengths of time: whole milliseconds inside, Durations on the wire.
import type { Duration } from '@bufbuild/protobuf/wkt';

const nanosPerMs = 1_000_000;

/** A length of time in whole milliseconds; a part of one counts as a whole one. */
export function fromProtoDuration({ seconds, nanos }: Duration): number {
  return Number(seconds) * 1000 + Math.ceil(nanos / nanosPerMs);
}
