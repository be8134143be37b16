// Sequences: numbers inside, uint64 on the wire.
import type { Sequence } from '@scrip/kernel';

/** A sequence, or another count that is never negative, as uint64. */
export function toProtoSequence(sequence: number): bigint {
  return BigInt(sequence);
}

/**
 * A sequence that a caller asks for. What a number cannot hold exactly is cut to the largest one
 * that it can: both lie beyond every head, which is what the answer then says.
 */
export function fromProtoRequestedSequence(value: bigint): number {
  const max = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(value > max ? max : value);
}

/** A sequence that the ledger wrote: never beyond what a number holds. */
export function fromProtoSequence(value: bigint): Sequence {
  return fromProtoRequestedSequence(value) as Sequence;
}
