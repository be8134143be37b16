// The contract's enums and the words within the house for the same things.
import {
  AccountStatus,
  EntrySide,
  EventKind,
  Mode,
  SystemAccount,
  TransactionKind,
} from '@scrip/contract';
import type * as engine from '@scrip/engine';
import type * as kernel from '@scrip/kernel';
import { assert } from '@scrip/kernel';

export const protoAccountStatuses = {
  active: AccountStatus.ACTIVE,
  frozen: AccountStatus.FROZEN,
  closed: AccountStatus.CLOSED,
} as const satisfies Record<kernel.AccountStatus, AccountStatus>;

export const protoModes = {
  test: Mode.TEST,
  prod: Mode.PROD,
} as const satisfies Record<engine.Mode, Mode>;

export const protoSides = {
  credit: EntrySide.CREDIT,
  debit: EntrySide.DEBIT,
} as const satisfies Record<kernel.Side, EntrySide>;

export const protoTransactionKinds = {
  credit: TransactionKind.CREDIT,
  debit: TransactionKind.DEBIT,
  post: TransactionKind.POST,
  reversal: TransactionKind.REVERSAL,
  opening: TransactionKind.OPENING,
} as const satisfies Record<kernel.TransactionKind, TransactionKind>;

export const protoSystemAccounts = {
  issued: SystemAccount.ISSUED,
  spent: SystemAccount.SPENT,
  expired: SystemAccount.EXPIRED,
} as const satisfies Record<kernel.SystemAccount, SystemAccount>;

export const protoEventKinds = {
  account_created: EventKind.ACCOUNT_CREATED,
  account_updated: EventKind.ACCOUNT_UPDATED,
  account_frozen: EventKind.ACCOUNT_FROZEN,
  account_unfrozen: EventKind.ACCOUNT_UNFROZEN,
  account_closed: EventKind.ACCOUNT_CLOSED,
  transaction_posted: EventKind.TRANSACTION_POSTED,
} as const satisfies Record<kernel.Change['kind'], EventKind>;

/** The word of an enum's number; nothing for a number without one. */
export function wordOf<Word extends string>(
  words: Readonly<Record<Word, number>>,
  number: number,
): Word | undefined {
  return (Object.keys(words) as Word[]).find((word) => words[word] === number);
}

/** The word of a number that the ledger wrote. */
export function knownWordOf<Word extends string>(
  words: Readonly<Record<Word, number>>,
  number: number,
): Word {
  const word = wordOf(words, number);
  assert(word !== undefined, `the enum number ${number} is known`);
  return word;
}
