// An item of a batch that was posted, as a message.
import { create } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import {
  BatchPostedSchema,
  BatchResultSchema,
  type BatchPosted,
  type BatchResult,
} from '@scrip/contract';
import { present, type Transaction } from '@scrip/kernel';
import type { WireFormat } from '../feed/to-proto-watch-history.ts';
import { beginPart, encoded, writeNumber, writeText } from '../value/write-field.ts';
import { toProtoTransaction } from './to-proto-transaction.ts';
import { writeTransaction } from './write-transaction.ts';

/** What became of an item. */
export type PostedItem = {
  /** Absent for a grant that takes effect later. */
  readonly transaction?: Transaction;
  readonly replayed: boolean;
  readonly grantId?: string;
};

/**
 * The result that tells of it. For the binary format it holds nothing but bytes, which the library
 * writes as they are: a batch has very many.
 */
export function toProtoPostedItem(item: PostedItem, format: WireFormat): BatchResult {
  if (format === 'json') {
    return create(BatchResultSchema, { result: { case: 'posted', value: messageOf(item) } });
  }
  const result = create(BatchResultSchema);
  const no = BatchResultSchema.field.posted.number;
  result.$unknown = [{ no, wireType: WireType.LengthDelimited, data: bytesOf(item) }];
  return result;
}

function messageOf({ transaction, replayed, grantId }: PostedItem): BatchPosted {
  return create(BatchPostedSchema, {
    ...present('transaction', transaction && toProtoTransaction(transaction)),
    replayed,
    ...present('grantId', grantId),
  });
}

/** What is behind the number of the field, which begins with its length. */
function bytesOf({ transaction, replayed, grantId }: PostedItem): Uint8Array {
  const fields = BatchPostedSchema.field;
  return encoded((writer) => {
    writer.fork();
    if (transaction !== undefined) {
      beginPart(writer, fields.transaction);
      writeTransaction(writer, transaction);
      writer.join();
    }
    writeNumber(writer, fields.replayed, replayed ? 1 : 0);
    if (grantId !== undefined) writeText(writer, fields.grantId, grantId);
    writer.join();
  });
}
