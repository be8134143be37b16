// An event from its bytes. The ledger wrote them: what cannot be read is a bug, not a refusal.
import { fromBinary } from '@bufbuild/protobuf';
import { EventSchema, SystemAccount, type Event, type TransactionPosted } from '@scrip/contract';
import {
  assert,
  present,
  type BookEvent,
  type Change,
  type Instant,
  type PersonalFieldName,
  type Posting,
  type Sequence,
} from '@scrip/kernel';
import { fromProtoAccount } from '../account/from-proto-account.ts';
import { fromProtoTransaction } from '../transaction/from-proto-transaction.ts';
import { fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoSequence } from '../value/sequence.ts';
import { knownWordOf, protoSystemAccounts } from '../value/words.ts';

type Moment = { readonly sequence: Sequence; readonly createdAt: Instant };

/** Reads an event back as the kernel made it. Throws on bytes that are no event. */
export function decodeEvent(bytes: Uint8Array): BookEvent {
  const message = fromBinary(EventSchema, bytes);
  const moment = {
    sequence: fromProtoSequence(message.sequence),
    createdAt: fromProtoTimestamp(message.createdAt),
  };
  return {
    ...moment,
    ...present('idempotencyKey', message.idempotencyKey),
    change: fromProtoChange(message.change, moment),
  };
}

function fromProtoChange(change: Event['change'], moment: Moment): Change {
  assert(change.case !== undefined, 'an event holds a known change');
  if (change.case === 'transactionPosted') {
    return { kind: 'transaction_posted', posting: fromProtoPosted(change.value, moment) };
  }
  const account = fromProtoAccount(change.value.account);
  switch (change.case) {
    case 'accountCreated': {
      const { opening } = change.value;
      const posting = opening && fromProtoPosted(opening, moment);
      return { kind: 'account_created', account, ...present('opening', posting) };
    }
    case 'accountUpdated': {
      const changedFields = change.value.changedFields as PersonalFieldName[];
      return { kind: 'account_updated', account, changedFields };
    }
    case 'accountFrozen':
      return { kind: 'account_frozen', account };
    case 'accountUnfrozen':
      return { kind: 'account_unfrozen', account };
    case 'accountClosed':
      return { kind: 'account_closed', account };
  }
}

function fromProtoPosted(posted: TransactionPosted, moment: Moment): Posting {
  const transaction = fromProtoTransaction(posted.transaction, moment);
  if (posted.counterpart === SystemAccount.UNSPECIFIED) return { transaction };
  return { transaction, counterpart: knownWordOf(protoSystemAccounts, posted.counterpart) };
}
