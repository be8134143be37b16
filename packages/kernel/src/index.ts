// The rules of the ledger: pure functions, state and command in, decision out.
export {
  availableBalance,
  nameKey,
  type Account,
  type AccountRef,
  type AccountSnapshot,
  type AccountStatus,
  type PersonalFields,
} from './account/account.ts';
export {
  parseAccountRef,
  parseChangeAccountStatus,
  parseCreateAccount,
  parseUpdateAccount,
  type ChangeAccountStatus,
  type CreateAccount,
  type UncheckedCreateAccount,
  type UncheckedUpdateAccount,
  type UpdateAccount,
} from './account/commands.ts';
export { refuseUnknownAccount } from './account/refusals.ts';
export { applyAccepted, applyEvent } from './book/apply.ts';
export {
  createBookState,
  nameIndex,
  type BookState,
  type RecordedEvent,
  type UnitBalances,
} from './book/book-state.ts';
export { accountRefsOf, type Command } from './book/command.ts';
export { decide, touchedAccountIds } from './book/decide.ts';
export { eventsOf, type Decision } from './book/decision.ts';
export {
  accountIdsOf,
  couponRecordsOf,
  customerIdOf,
  grantsOf,
  holdOf,
  postingOf,
  type BookEvent,
  type Change,
  type PersonalFieldName,
} from './book/event.ts';
export { isCouponChange, type CouponChange, type CouponRecord } from './coupon/coupon-change.ts';
export {
  couponNamesOf,
  isCouponCommand,
  type CouponCommand,
  type CouponNames,
} from './coupon/coupon-command.ts';
export {
  couponRowKeyOf,
  couponRowName,
  couponRowOf,
  couponRowsOf,
  type CouponRow,
  type CouponRowKey,
} from './coupon/coupon-row.ts';
export { putCouponRecord, wrapCouponState, type CouponState } from './coupon/coupon-state.ts';
export {
  parseCreateCoupon,
  parseCreateCouponCode,
  parseDeleteOrRestoreCoupon,
  parseUpdateCoupon,
  type CreateCoupon,
  type CreateCouponCode,
  type DeleteOrRestoreCoupon,
  type UpdateCoupon,
} from './coupon/commands.ts';
export {
  codeIndex,
  type Coupon,
  type CouponCode,
  type CouponCodeId,
  type CouponId,
  type CouponTerms,
  type CouponUses,
  type CouponValue,
  type OfferingGroup,
  type OfferingType,
  type RedemptionType,
  type UsesPeriod,
  type Weekday,
} from './coupon/coupon.ts';
export type { UncheckedCouponTerms } from './coupon/parse-coupon-terms.ts';
export {
  refuseUnknownCoupon,
  refuseUnknownCredit,
  refuseUnknownCustomer,
  refuseUnknownMembership,
  refuseUnknownRule,
} from './coupon/refusals.ts';
export {
  parseCreateCreditRule,
  parseDeleteCreditRule,
  parseUpdateCreditRule,
  type CreateCreditRule,
  type DeleteCreditRule,
  type UncheckedCreditRuleTerms,
  type UpdateCreditRule,
} from './credit-rule/commands.ts';
export type {
  CreditRule,
  CreditRuleId,
  IssuingFrequency,
  RuleIssue,
} from './credit-rule/credit-rule.ts';
export {
  parseIssueCustomerCredit,
  parseRedeemCustomerCredit,
  parseReverseRedemption,
  parseRevokeCustomerCredit,
  type IssueCustomerCredit,
  type RedeemCustomerCredit,
  type ReverseRedemption,
  type RevokeCustomerCredit,
} from './customer-credit/commands.ts';
export {
  creditStatus,
  type CustomerCredit,
  type CustomerCreditId,
  type CustomerCreditStatus,
  type Offering,
  type Redemption,
  type RedemptionId,
} from './customer-credit/customer-credit.ts';
export {
  parseSetMembershipStatus,
  parseCreateMembership,
  parseIssueMissingCredits,
  parseNoteMembershipCharge,
  type SetMembershipStatus,
  type CreateMembership,
  type IssueMissingCredits,
  type NoteMembershipCharge,
} from './membership/commands.ts';
export {
  nextPeriodAt,
  type IssueOccasion,
  type Membership,
  type MembershipId,
  type MembershipStatus,
} from './membership/membership.ts';
export { settleMembership } from './membership/settle-membership.ts';
export { isLiveTerm, termsOf, type Term } from './book/term.ts';
export { settleAccounts } from './due/book-due-moves.ts';
export { countDueMoves, nextDueAt } from './due/due-moves.ts';
export { parseVoidGrant, type UncheckedTerms, type VoidGrant } from './grant/commands.ts';
export { compareGrants, freePool } from './grant/draw.ts';
export { refuseUnknownGrant } from './grant/decide-void-grant.ts';
export {
  grantStatusAt,
  isLive,
  type Allocation,
  type Grant,
  type GrantCategory,
  type GrantStatus,
} from './grant/grant.ts';
export {
  parseCaptureHold,
  parseCreateHold,
  parseExtendHold,
  parseReleaseHold,
  type CaptureHold,
  type CreateHold,
  type ExtendHold,
  type ReleaseHold,
} from './hold/commands.ts';
export { refuseUnknownHold } from './hold/refusals.ts';
export type { Hold, HoldStatus } from './hold/hold.ts';
export { requestDigest } from './book/request-digest.ts';
export type { Period, PeriodUnit } from './schedule/calendar.ts';
export {
  parseCreateSchedule,
  parseEndSchedule,
  type CreateSchedule,
  type EndSchedule,
} from './schedule/commands.ts';
export { refuseUnknownSchedule } from './schedule/decide-schedule.ts';
export {
  nextIssueAt,
  type Leftover,
  type Schedule,
  type ScheduleStatus,
} from './schedule/schedule.ts';
export {
  parsePostOneSided,
  parsePostTransaction,
  parseReverseTransaction,
  type PostOneSided,
  type PostTransaction,
  type ReverseTransaction,
  type UncheckedPostTransaction,
} from './transaction/commands.ts';
export { refuseUnknownTransaction } from './transaction/decide-reverse-transaction.ts';
export {
  signedAmount,
  type Entry,
  type Posting,
  type Side,
  type SystemAccount,
  type Transaction,
  type TransactionKind,
} from './transaction/transaction.ts';
export { amountFromText, formatAmount } from './value/amount.ts';
export { assert } from './value/assert.ts';
export {
  createIds,
  instantBits,
  type AccountId,
  type EntryId,
  type GrantId,
  type HoldId,
  type ScheduleId,
  type Ids,
  type Place,
  type Sequence,
  type TransactionId,
} from './value/id.ts';
export { recordKinds, type RecordKind, type RecordPlace } from './value/record-id.ts';
export { parseOptionalIdempotencyKey } from './value/idempotency-key.ts';
export { instantFromMs, laterInstant, type Instant } from './value/instant.ts';
export { parseMetadata, type JsonValue, type Metadata } from './value/metadata.ts';
export { present } from './value/present.ts';
export { parsed, refuse, refuseField, type Parsed, type Refusal } from './value/refusal.ts';
export { parseOptionalText, parseText } from './value/text.ts';
export type { Unit } from './value/unit.ts';
