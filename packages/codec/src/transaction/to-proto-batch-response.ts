// What became of a batch, as the message that answers it.
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import {
  BatchPostedSchema,
  BatchResultSchema,
  PostBatchResponseSchema,
  type BatchPosted,
  type PostBatchResponse,
} from '@scrip/contract';
import { present, type Sequence, type Transaction } from '@scrip/kernel';
import type { WireFormat } from '../feed/to-proto-watch-history.ts';
import type { ByteWriter } from '../value/byte-writer.ts';
import { readyMessage } from '../value/ready-message.ts';
import { beginPart, createEncode, writeNumber, writeText } from '../value/write-field.ts';
import { toProtoTransaction } from './to-proto-transaction.ts';
import { writeTransaction } from './write-transaction.ts';

/** An item that was posted. */
export type PostedItem = {
  readonly kind: 'posted';
  /** Absent for a grant that takes effect later. */
  readonly transaction?: Transaction;
  readonly replayed: boolean;
  readonly grantId?: string;
};

/** An item that was not posted. */
export type OtherItem = {
  readonly kind: 'other';
  readonly message: MessageInitShape<typeof BatchResultSchema>;
};

/** What became of each item of a batch, in their order, and the highest sequence among them. */
export type BatchAnswer = {
  readonly items: readonly (PostedItem | OtherItem)[];
  readonly sequence: Sequence;
};

const encode = createEncode();

/**
 * The answer to a batch. For the binary format it holds nothing but bytes, which the library writes
 * as they are: a batch has so many items that messages of them all take long to make.
 */
export function toProtoBatchResponse(answer: BatchAnswer, format: WireFormat): PostBatchResponse {
  if (format === 'json' || answer.items.length === 0) return messageOf(answer);
  const bytes = encode((writer) => writeAnswer(writer, answer));
  return readyMessage(PostBatchResponseSchema, PostBatchResponseSchema.field.results, bytes);
}

function messageOf({ items, sequence }: BatchAnswer): PostBatchResponse {
  const results = items.map((item) =>
    item.kind === 'other'
      ? item.message
      : { result: { case: 'posted' as const, value: postedOf(item) } },
  );
  return create(PostBatchResponseSchema, { results, sequence: BigInt(sequence) });
}

function postedOf({ transaction, replayed, grantId }: PostedItem): BatchPosted {
  return create(BatchPostedSchema, {
    ...present('transaction', transaction && toProtoTransaction(transaction)),
    replayed,
    ...present('grantId', grantId),
  });
}

function writeAnswer(writer: ByteWriter, { items, sequence }: BatchAnswer): void {
  const { field } = PostBatchResponseSchema;
  for (const item of items) {
    beginPart(writer, field.results);
    if (item.kind === 'posted') writePosted(writer, item);
    else writer.raw(toBinary(BatchResultSchema, create(BatchResultSchema, item.message)));
    writer.join();
  }
  writeNumber(writer, field.sequence, sequence);
}

function writePosted(writer: ByteWriter, { transaction, replayed, grantId }: PostedItem): void {
  const { field } = BatchPostedSchema;
  beginPart(writer, BatchResultSchema.field.posted);
  if (transaction !== undefined) {
    beginPart(writer, field.transaction);
    writeTransaction(writer, transaction);
    writer.join();
  }
  writeNumber(writer, field.replayed, replayed ? 1 : 0);
  if (grantId !== undefined) writeText(writer, field.grantId, grantId);
  writer.join();
}
