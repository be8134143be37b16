// The rules of the ledger: pure functions, state and command in, decision out.
export {
  availableBalance,
  nameKey,
  type Account,
  type AccountRef,
  type AccountSnapshot,
  type AccountStatus,
  type PersonalFields,
  type Unit,
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
  nameIndex,
  type BookState,
  type RecordedEvent,
  type UnitBalances,
} from './book/book-state.ts';
export { accountRefsOf, type Command } from './book/command.ts';
export { decide } from './book/decide.ts';
export type { Accepted, Decision, Replayed } from './book/decision.ts';
export { postingOf, type BookEvent, type Change, type PersonalFieldName } from './book/event.ts';
export { requestDigest } from './book/request-digest.ts';
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
