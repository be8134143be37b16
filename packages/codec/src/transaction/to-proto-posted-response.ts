// What became of a command that posts, as the message that answers it.
import { create, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import {
  CreditResponseSchema,
  type DebitResponseSchema,
  type PostTransactionResponseSchema,
  type ReverseTransactionResponseSchema,
} from '@scrip/contract';
import { present, type Sequence, type Transaction } from '@scrip/kernel';
import type { WireFormat } from '../feed/to-proto-watch-history.ts';
import { readyMessage } from '../value/ready-message.ts';
import { beginPart, createEncode, writeNumber, writeText } from '../value/write-field.ts';
import { toProtoTransaction } from './to-proto-transaction.ts';
import { writeTransaction } from './write-transaction.ts';

/** A command that was accepted. */
export type PostedAnswer = {
  /** Absent for a grant that takes effect later. */
  readonly transaction?: Transaction;
  readonly sequence: Sequence;
  /** The grant that a credit with terms made. */
  readonly grantId?: string;
};

/** The answers that tell one transaction: their fields have the same names and numbers. */
type PostedSchema =
  | typeof CreditResponseSchema
  | typeof DebitResponseSchema
  | typeof PostTransactionResponseSchema
  | typeof ReverseTransactionResponseSchema;

const encode = createEncode();

/** The answer of one of these kinds. In the binary format it holds nothing but bytes. */
export function toProtoPostedResponse<Schema extends PostedSchema>(
  schema: Schema,
  { transaction, sequence, grantId }: PostedAnswer,
  format: WireFormat,
): MessageShape<Schema> {
  if (format === 'json' || transaction === undefined) {
    const message: MessageInitShape<typeof CreditResponseSchema> = {
      ...present('transaction', transaction && toProtoTransaction(transaction)),
      sequence: BigInt(sequence),
      ...present('grantId', grantId),
    };
    return create(schema, message as MessageInitShape<Schema>);
  }
  const { field } = CreditResponseSchema;
  const bytes = encode((writer) => {
    beginPart(writer, field.transaction);
    writeTransaction(writer, transaction);
    writer.join();
    writeNumber(writer, field.sequence, sequence);
    if (grantId !== undefined) writeText(writer, field.grantId, grantId);
  });
  return readyMessage(schema, field.transaction, bytes);
}
