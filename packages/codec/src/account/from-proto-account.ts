// An account of an event, read back. The ledger wrote it, so that nothing is refused here.
import type { Account } from '@scrip/contract';
import {
  amountFromText,
  assert,
  present,
  type AccountId,
  type AccountSnapshot,
} from '@scrip/kernel';
import { fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoSequence } from '../value/sequence.ts';
import { knownWordOf, protoAccountStatuses } from '../value/words.ts';

/** The snapshot that an event holds. */
export function fromProtoAccount(account: Account | undefined): AccountSnapshot {
  assert(account !== undefined, 'an event about an account holds it');
  const unit = { label: account.unitLabel, scale: account.unitScale };
  return {
    id: account.id as AccountId,
    customerId: account.customerId,
    name: account.name,
    ...present('externalId', account.externalId),
    unit,
    status: knownWordOf(protoAccountStatuses, account.status),
    balance: amountFromText(account.balance, unit.scale),
    held: amountFromText(account.held, unit.scale),
    createdAt: fromProtoTimestamp(account.createdAt),
    updatedAt: fromProtoTimestamp(account.updatedAt),
    sequence: fromProtoSequence(account.sequence),
  };
}
