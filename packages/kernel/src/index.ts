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
  parseIdempotencyKey,
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
  findAccount,
  findGrant,
  findHold,
  findSchedule,
  nameIndex,
  type BookState,
  type RecordedEvent,
  type UnitBalances,
} from './book/book-state.ts';
export {
  accountRefsOf,
  type AdvanceClock,
  type BookDueMoves,
  type Command,
} from './book/command.ts';
export { decide, touchedAccountIds } from './book/decide.ts';
export {
  eventsOf,
  type Accepted,
  type Decision,
  type Replayed,
  type Unchanged,
} from './book/decision.ts';
export {
  accountIdsOf,
  grantsOf,
  holdOf,
  postingOf,
  type BookEvent,
  type Change,
  type PersonalFieldName,
} from './book/event.ts';
export { isLiveTerm, termsOf, type Term } from './book/term.ts';
export { settleAccounts } from './due/book-due-moves.ts';
export { countDueMoves, nextDueAt } from './due/due-moves.ts';
export {
  parseVoidGrant,
  type RequestedTerms,
  type UncheckedTerms,
  type VoidGrant,
} from './grant/commands.ts';
export { compareGrants, freePool } from './grant/draw.ts';
export { refuseUnknownGrant } from './grant/decide-void-grant.ts';
export {
  freeOf,
  grantStatusAt,
  isLive,
  type Allocation,
  type Grant,
  type GrantCategory,
  type GrantStatus,
  type GrantTerms,
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
  parseReference,
  parseReverseTransaction,
  type PostOneSided,
  type PostTransaction,
  type RequestedEntry,
  type ReverseTransaction,
  type UncheckedPostOneSided,
  type UncheckedPostTransaction,
} from './transaction/commands.ts';
export { refuseUnknownTransaction } from './transaction/decide-reverse-transaction.ts';
export {
  oppositeSide,
  signedAmount,
  type Entry,
  type Posting,
  type Side,
  type SystemAccount,
  type Transaction,
  type TransactionKind,
} from './transaction/transaction.ts';
export {
  amountFromText,
  formatAmount,
  parseAmount,
  scaleAmount,
  type DecimalText,
} from './value/amount.ts';
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
export { instantFromMs, laterInstant, type Instant } from './value/instant.ts';
export { parseMetadata, type JsonValue, type Metadata } from './value/metadata.ts';
export { present } from './value/present.ts';
export {
  parsed,
  refuse,
  refuseField,
  type Parsed,
  type Reason,
  type Refusal,
} from './value/refusal.ts';
export { parseOptionalText, parseText } from './value/text.ts';
export type { Unit } from './value/unit.ts';
