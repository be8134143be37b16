// A posting of an event, read back.
import { SystemAccount, type TransactionPosted } from '@scrip/contract';
import type { Posting } from '@scrip/kernel';
import { fromProtoTransaction } from '../transaction/from-proto-transaction.ts';
import { knownWordOf, protoSystemAccounts } from '../value/words.ts';
import type { Moment } from './moment.ts';

/** The posting of an event, with the event's sequence and instant. */
export function fromProtoPosted(posted: TransactionPosted, moment: Moment): Posting {
  const transaction = fromProtoTransaction(posted.transaction, moment);
  if (posted.counterpart === SystemAccount.UNSPECIFIED) return { transaction };
  return { transaction, counterpart: knownWordOf(protoSystemAccounts, posted.counterpart) };
}
