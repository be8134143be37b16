// A place in the history, as callers are told it.
import { create } from '@bufbuild/protobuf';
import { FeedPositionSchema, type FeedPosition as ProtoFeedPosition } from '@scrip/contract';
import type { FeedPosition } from '@scrip/engine';
import { toProtoSequence } from '../value/sequence.ts';

/** The message of a place. At the beginning there is nothing that a seal could prove. */
export function toProtoFeedPosition({ sequence, seal }: FeedPosition): ProtoFeedPosition {
  const position = { sequence: toProtoSequence(sequence) };
  if (seal === undefined || seal.sequence === 0) return create(FeedPositionSchema, position);
  return create(FeedPositionSchema, {
    ...position,
    sealedSequence: toProtoSequence(seal.sequence),
    chainHash: new Uint8Array(seal.chainHash),
  });
}
