// A posting of an event as a message.
import { create } from '@bufbuild/protobuf';
import {
  SystemAccount,
  TransactionPostedSchema,
  TransactionSchema,
  type TransactionPosted,
} from '@scrip/contract';
import type { Grant, Posting } from '@scrip/kernel';
import { toProtoGrant } from '../grant/to-proto-grant.ts';
import { toProtoTransactionOfEvent } from '../transaction/to-proto-transaction.ts';
import { protoSystemAccounts } from '../value/words.ts';
import { attachMetadata } from './attach-metadata.ts';

/** The message of a posting, and of the grants that it touched where nothing else tells them. */
export function toProtoPosted(posting: Posting, grants: readonly Grant[] = []): TransactionPosted {
  const { transaction, counterpart } = posting;
  const message = toProtoTransactionOfEvent(transaction);
  if (transaction.metadata !== undefined) {
    attachMetadata(message, TransactionSchema.field.metadata, transaction.metadata);
  }
  return create(TransactionPostedSchema, {
    transaction: message,
    counterpart:
      counterpart === undefined ? SystemAccount.UNSPECIFIED : protoSystemAccounts[counterpart],
    grants: grants.map(toProtoGrant),
  });
}
