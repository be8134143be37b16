// The RPC that reads the head of a book.
import { protoModes, toProtoSequence, toProtoTimestamp } from '@scrip/codec';
import { parsed, present } from '@scrip/kernel';
import { bookOf } from '../../call/call-facts.ts';
import type { LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';

export function headRpcs({ read }: LedgerParts) {
  return {
    getHead: async (request, context) => {
      const { storeId, mode } = bookOf(context.values);
      const { value, sequence } = await read(
        { request, context },
        parsed(undefined),
        ({ reader, book }) => reader.head(book),
      );
      const { chainHash, lastEventAt } = value;
      return {
        storeId,
        mode: protoModes[mode],
        sequence: toProtoSequence(sequence),
        chainHash: new Uint8Array(chainHash),
        ...present('lastEventAt', lastEventAt && toProtoTimestamp(lastEventAt)),
      };
    },
  } satisfies Partial<LedgerRpcs>;
}
