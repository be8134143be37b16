// The RPC that reads the head of a book.
import { toProtoSequence, toProtoTimestamp } from '@scrip/codec';
import { Mode } from '@scrip/contract';
import type { Book } from '@scrip/engine';
import { parsed, present } from '@scrip/kernel';
import { bookOf } from '../../call/call-facts.ts';
import { read, type LedgerPorts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';

const modes = { test: Mode.TEST, prod: Mode.PROD } as const satisfies Record<Book['mode'], Mode>;

export function headRpcs({ reader }: LedgerPorts) {
  return {
    getHead: async (_request, context) => {
      const { storeId, mode } = bookOf(context.values);
      const { value, sequence } = await read(context, parsed(undefined), (book) =>
        reader.head(book),
      );
      const { chainHash, lastEventAt } = value;
      return {
        storeId,
        mode: modes[mode],
        sequence: toProtoSequence(sequence),
        chainHash: new Uint8Array(chainHash),
        ...present('lastEventAt', lastEventAt && toProtoTimestamp(lastEventAt)),
      };
    },
  } satisfies Partial<LedgerRpcs>;
}
