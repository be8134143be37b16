// Refusals: an expected no, with a machine name and the facts of it. A refusal is not a bug.

/** Every reason of the kernel. The contract's `error_reason.proto` says what each one means. */
export type Reason =
  | 'FIELD_INVALID'
  | 'AMOUNT_INVALID'
  | 'ENTRIES_UNBALANCED'
  | 'UNIT_MISMATCH'
  | 'ACCOUNT_REPEATED'
  | 'CURSOR_INVALID'
  | 'SEQUENCE_BEYOND_HEAD'
  | 'ACCOUNT_NOT_FOUND'
  | 'TRANSACTION_NOT_FOUND'
  | 'ACCOUNT_NAME_TAKEN'
  | 'EXTERNAL_ID_TAKEN'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'UNIT_SCALE_CONFLICT'
  | 'INSUFFICIENT_BALANCE'
  | 'ACCOUNT_FROZEN'
  | 'ACCOUNT_CLOSED'
  | 'ACCOUNT_ALREADY_FROZEN'
  | 'ACCOUNT_NOT_FROZEN'
  | 'ACCOUNT_ALREADY_CLOSED'
  | 'TRANSACTION_NOT_REVERSIBLE'
  | 'HOLD_NOT_FOUND'
  | 'GRANT_NOT_FOUND'
  | 'HOLD_NOT_ACTIVE'
  | 'HOLD_EXCEEDED'
  | 'GRANT_NOT_ACTIVE'
  | 'ACCOUNT_HAS_HOLDS'
  | 'SCHEDULE_NOT_FOUND'
  | 'SCHEDULE_LIMIT'
  | 'HOLD_LIMIT'
  | 'GRANT_LIMIT'
  | 'ENTRY_NOT_FOUND'
  | 'COUPON_NOT_FOUND'
  | 'CUSTOMER_CREDIT_NOT_FOUND'
  | 'REDEMPTION_NOT_FOUND'
  | 'MEMBERSHIP_NOT_FOUND'
  | 'CREDIT_RULE_NOT_FOUND'
  | 'CUSTOMER_NOT_FOUND'
  | 'COUPON_CODE_TAKEN'
  | 'COUPON_DELETED'
  | 'CUSTOMER_CREDIT_NOT_ACTIVE'
  | 'COUPON_NOT_APPLICABLE'
  | 'COUPON_USED_UP'
  | 'MEMBERSHIP_NOT_ACTIVE'
  | 'MEMBERSHIP_ENDED'
  | 'CREDIT_RULE_LIMIT';

/** A refused request: the reason, a sentence for a developer, and the facts as strings. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: Reason;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a `parse…` function returns: a value that can be trusted, or why it is none. */
export type Parsed<T> = { readonly kind: 'parsed'; readonly value: T } | Refusal;

/** Makes a refusal. `message` is one sentence for a developer and names no internals. */
export function refuse(
  reason: Reason,
  message: string,
  metadata: Readonly<Record<string, string>> = {},
): Refusal {
  return { kind: 'refused', reason, message, metadata };
}

/** Makes the refusal of one field of a request. `field` is its path in the contract. */
export function refuseField(field: string, problem: string): Refusal {
  return refuse('FIELD_INVALID', `${field} ${problem}.`, { field });
}

/** What was checked of a part of a request: a refusal names its field by its path from there. */
export function within<T>(part: string, checked: Parsed<T>): Parsed<T> {
  if (checked.kind !== 'refused') return checked;
  const { field } = checked.metadata;
  if (checked.reason !== 'FIELD_INVALID' || field === undefined) return checked;
  const problem = checked.message.slice(field.length + 1, -1);
  return refuseField(`${part}.${field}`, problem);
}

/** Wraps a value that passed its checks. */
export function parsed<T>(value: T): Parsed<T> {
  return { kind: 'parsed', value };
}
