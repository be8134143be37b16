// The contract's enums and the words within the house for the same things.
import {
  AccountStatus,
  EntrySide,
  EventKind,
  GrantCategory,
  GrantStatus,
  HoldStatus,
  Leftover,
  Mode,
  PeriodUnit,
  ScheduleStatus,
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
  capture: TransactionKind.CAPTURE,
  activation: TransactionKind.ACTIVATION,
  expiry: TransactionKind.EXPIRY,
  void: TransactionKind.VOID,
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
  grant_scheduled: EventKind.GRANT_SCHEDULED,
  grant_activated: EventKind.GRANT_ACTIVATED,
  grant_expired: EventKind.GRANT_EXPIRED,
  grant_voided: EventKind.GRANT_VOIDED,
  hold_created: EventKind.HOLD_CREATED,
  hold_extended: EventKind.HOLD_EXTENDED,
  hold_captured: EventKind.HOLD_CAPTURED,
  hold_released: EventKind.HOLD_RELEASED,
  hold_expired: EventKind.HOLD_EXPIRED,
  schedule_created: EventKind.SCHEDULE_CREATED,
  schedule_ended: EventKind.SCHEDULE_ENDED,
  grant_issued: EventKind.GRANT_ISSUED,
  clock_advanced: EventKind.CLOCK_ADVANCED,
  coupon_created: EventKind.COUPON_CREATED,
  coupon_updated: EventKind.COUPON_UPDATED,
  coupon_deleted: EventKind.COUPON_DELETED,
  coupon_restored: EventKind.COUPON_RESTORED,
  coupon_code_created: EventKind.COUPON_CODE_CREATED,
  customer_credit_issued: EventKind.CUSTOMER_CREDIT_ISSUED,
  customer_credit_redeemed: EventKind.CUSTOMER_CREDIT_REDEEMED,
  redemption_reversed: EventKind.REDEMPTION_REVERSED,
  customer_credit_revoked: EventKind.CUSTOMER_CREDIT_REVOKED,
  membership_created: EventKind.MEMBERSHIP_CREATED,
  membership_status_changed: EventKind.MEMBERSHIP_STATUS_CHANGED,
  membership_credits_issued: EventKind.MEMBERSHIP_CREDITS_ISSUED,
  credit_rule_created: EventKind.CREDIT_RULE_CREATED,
  credit_rule_updated: EventKind.CREDIT_RULE_UPDATED,
  credit_rule_deleted: EventKind.CREDIT_RULE_DELETED,
} as const satisfies Record<kernel.Change['kind'], EventKind>;

export const protoGrantStatuses = {
  scheduled: GrantStatus.SCHEDULED,
  active: GrantStatus.ACTIVE,
  expired: GrantStatus.EXPIRED,
  voided: GrantStatus.VOIDED,
} as const satisfies Record<kernel.GrantStatus, GrantStatus>;

export const protoGrantCategories = {
  paid: GrantCategory.PAID,
  promotional: GrantCategory.PROMOTIONAL,
} as const satisfies Record<kernel.GrantCategory, GrantCategory>;

export const protoHoldStatuses = {
  pending: HoldStatus.PENDING,
  captured: HoldStatus.CAPTURED,
  released: HoldStatus.RELEASED,
  expired: HoldStatus.EXPIRED,
} as const satisfies Record<kernel.HoldStatus, HoldStatus>;

export const protoScheduleStatuses = {
  active: ScheduleStatus.ACTIVE,
  ended: ScheduleStatus.ENDED,
} as const satisfies Record<kernel.ScheduleStatus, ScheduleStatus>;

export const protoLeftovers = {
  roll_over: Leftover.ROLL_OVER,
  lapse: Leftover.LAPSE,
} as const satisfies Record<kernel.Leftover, Leftover>;

export const protoPeriodUnits = {
  day: PeriodUnit.DAY,
  week: PeriodUnit.WEEK,
  month: PeriodUnit.MONTH,
  quarter: PeriodUnit.QUARTER,
  year: PeriodUnit.YEAR,
} as const satisfies Record<kernel.PeriodUnit, PeriodUnit>;

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
