// A place in the history, as a caller sends it back.
import type { FeedPosition as ProtoFeedPosition } from '@scrip/contract';
import type { FeedPosition } from '@scrip/engine';
import { parsed, refuseField, type Parsed } from '@scrip/kernel';
import { fromProtoSequence } from '../value/sequence.ts';

/** A place as it was sent: a sequence with its seal, or a cursor that stands for both. */
export type RequestedPosition =
  | { readonly kind: 'position'; readonly position: FeedPosition }
  | { readonly kind: 'cursor'; readonly cursor: string };

/** The bytes of a chain hash. */
const chainHashBytes = 32;

/** Reads a place. Refuses a cursor beside other fields, and a seal that is none. */
export function fromProtoFeedPosition(
  position: ProtoFeedPosition,
  field: string,
): Parsed<RequestedPosition> {
  const { sequence, sealedSequence, chainHash, cursor } = position;
  if (cursor !== '') {
    const isAlone = sequence === 0n && sealedSequence === 0n && chainHash.length === 0;
    if (isAlone) return parsed({ kind: 'cursor', cursor });
    return refuseField(`${field}.cursor`, 'stands for the other fields and cannot be beside them');
  }
  if (chainHash.length === 0) {
    if (sealedSequence === 0n) return parsedPosition({ sequence: fromProtoSequence(sequence) });
    return refuseField(`${field}.sealed_sequence`, 'needs a chain_hash');
  }
  if (chainHash.length !== chainHashBytes) {
    return refuseField(`${field}.chain_hash`, `is either empty or has ${chainHashBytes} bytes`);
  }
  if (sealedSequence < sequence) {
    return refuseField(`${field}.sealed_sequence`, 'is not before the sequence');
  }
  const seal = { sequence: fromProtoSequence(sealedSequence), chainHash };
  return parsedPosition({ sequence: fromProtoSequence(sequence), seal });
}

function parsedPosition(position: FeedPosition): Parsed<RequestedPosition> {
  return parsed({ kind: 'position', position });
}
