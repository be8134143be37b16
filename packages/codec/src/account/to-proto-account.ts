// An account, and what it has, as messages.
import { create, type JsonObject } from '@bufbuild/protobuf';
import { AccountSchema, BalanceSchema, type Account, type Balance } from '@scrip/contract';
import type { BalanceView } from '@scrip/engine';
import {
  availableBalance,
  formatAmount,
  present,
  type AccountSnapshot,
  type PersonalFields,
} from '@scrip/kernel';
import { toProtoTimestamp } from '../value/instant.ts';
import { toProtoSequence } from '../value/sequence.ts';
import { protoAccountStatuses } from '../value/words.ts';

/** The message of an account; without `personal` it is the one that events hold. */
export function toProtoAccount(account: AccountSnapshot, personal: PersonalFields = {}): Account {
  const { scale } = account.unit;
  return create(AccountSchema, {
    id: account.id,
    customerId: account.customerId,
    name: account.name,
    unitLabel: account.unit.label,
    unitScale: scale,
    status: protoAccountStatuses[account.status],
    balance: formatAmount(account.balance, scale),
    held: formatAmount(account.held, scale),
    available: formatAmount(availableBalance(account), scale),
    ...present('externalId', account.externalId),
    ...present('displayName', personal.displayName),
    ...present('email', personal.email),
    ...present('metadata', personal.metadata as JsonObject | undefined),
    createdAt: toProtoTimestamp(account.createdAt),
    updatedAt: toProtoTimestamp(account.updatedAt),
    sequence: toProtoSequence(account.sequence),
  });
}

/** The message of a balance. */
export function toProtoBalance(view: BalanceView): Balance {
  const { label, scale } = view.unit;
  return create(BalanceSchema, {
    accountId: view.accountId,
    unitLabel: label,
    unitScale: scale,
    balance: formatAmount(view.balance, scale),
    held: formatAmount(view.held, scale),
    available: formatAmount(view.balance - view.held, scale),
    updatedAt: toProtoTimestamp(view.updatedAt),
    sequence: toProtoSequence(view.sequence),
  });
}
