// An event as bytes: fields ascending, map entries sorted by key, no unknown fields.
import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import {
  EventSchema,
  SystemAccount,
  TransactionPostedSchema,
  TransactionSchema,
  AccountClosedSchema,
  AccountCreatedSchema,
  AccountFrozenSchema,
  AccountUnfrozenSchema,
  AccountUpdatedSchema,
  type Event,
  type Transaction,
  type TransactionPosted,
} from '@scrip/contract';
import { present, type BookEvent, type Change, type Metadata, type Posting } from '@scrip/kernel';
import { toProtoAccount } from '../account/to-proto-account.ts';
import { toProtoTransactionOfEvent } from '../transaction/to-proto-transaction.ts';
import { toProtoTimestamp } from '../value/instant.ts';
import { toProtoSequence } from '../value/sequence.ts';
import { structBytes } from '../value/struct-bytes.ts';
import { protoSystemAccounts } from '../value/words.ts';

/** The bytes of an event. The same event makes the same bytes, whatever its objects' order. */
export function encodeEvent(event: BookEvent): Uint8Array {
  const message = create(EventSchema, {
    sequence: toProtoSequence(event.sequence),
    createdAt: toProtoTimestamp(event.createdAt),
    ...present('idempotencyKey', event.idempotencyKey),
    change: toProtoChange(event.change),
  });
  return toBinary(EventSchema, message);
}

function toProtoChange(change: Change): Event['change'] {
  if (change.kind === 'transaction_posted') {
    return { case: 'transactionPosted', value: toProtoPosted(change.posting) };
  }
  const account = toProtoAccount(change.account);
  switch (change.kind) {
    case 'account_created': {
      const opening = change.opening && toProtoPosted(change.opening);
      const value = create(AccountCreatedSchema, { account, ...present('opening', opening) });
      return { case: 'accountCreated', value };
    }
    case 'account_updated': {
      const changedFields = [...change.changedFields];
      const value = create(AccountUpdatedSchema, { account, changedFields });
      return { case: 'accountUpdated', value };
    }
    case 'account_frozen':
      return { case: 'accountFrozen', value: create(AccountFrozenSchema, { account }) };
    case 'account_unfrozen':
      return { case: 'accountUnfrozen', value: create(AccountUnfrozenSchema, { account }) };
    case 'account_closed':
      return { case: 'accountClosed', value: create(AccountClosedSchema, { account }) };
  }
}

function toProtoPosted(posting: Posting): TransactionPosted {
  const { transaction, counterpart } = posting;
  const message = toProtoTransactionOfEvent(transaction);
  if (transaction.metadata !== undefined) attachMetadata(message, transaction.metadata);
  return create(TransactionPostedSchema, {
    transaction: message,
    counterpart:
      counterpart === undefined ? SystemAccount.UNSPECIFIED : protoSystemAccounts[counterpart],
  });
}

// The library keeps bytes of its own making as an unknown field and writes it after the known ones.
// The fields beyond metadata are the event's and are left out, so that fields stay ascending.
function attachMetadata(message: Transaction, metadata: Metadata): void {
  const data = new BinaryWriter().bytes(structBytes(metadata)).finish();
  const no = TransactionSchema.field.metadata.number;
  message.$unknown = [{ no, wireType: WireType.LengthDelimited, data }];
}
