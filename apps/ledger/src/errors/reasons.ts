// Every reason and its Connect code, as `error_reason.proto` lists them.
import { Code } from '@connectrpc/connect';
import { ErrorReason } from '@scrip/contract';

/** A reason's name, as the contract spells it without its prefix. */
export type ReasonName = Exclude<keyof typeof ErrorReason, 'UNSPECIFIED'>;

export const codesByReason = {
  FIELD_INVALID: Code.InvalidArgument,
  AMOUNT_INVALID: Code.InvalidArgument,
  ENTRIES_UNBALANCED: Code.InvalidArgument,
  UNIT_MISMATCH: Code.InvalidArgument,
  ACCOUNT_REPEATED: Code.InvalidArgument,
  CURSOR_INVALID: Code.InvalidArgument,
  SEQUENCE_BEYOND_HEAD: Code.OutOfRange,
  ACCOUNT_NOT_FOUND: Code.NotFound,
  TRANSACTION_NOT_FOUND: Code.NotFound,
  API_KEY_NOT_FOUND: Code.NotFound,
  HOLD_NOT_FOUND: Code.NotFound,
  GRANT_NOT_FOUND: Code.NotFound,
  SCHEDULE_NOT_FOUND: Code.NotFound,
  ENTRY_NOT_FOUND: Code.NotFound,
  COUPON_NOT_FOUND: Code.NotFound,
  CUSTOMER_CREDIT_NOT_FOUND: Code.NotFound,
  REDEMPTION_NOT_FOUND: Code.NotFound,
  MEMBERSHIP_NOT_FOUND: Code.NotFound,
  CREDIT_RULE_NOT_FOUND: Code.NotFound,
  CUSTOMER_NOT_FOUND: Code.NotFound,
  KEY_MISSING: Code.Unauthenticated,
  KEY_UNKNOWN: Code.Unauthenticated,
  SCOPE_MISSING: Code.PermissionDenied,
  TOKEN_EXPIRED: Code.Unauthenticated,
  ACCOUNT_NAME_TAKEN: Code.AlreadyExists,
  EXTERNAL_ID_TAKEN: Code.AlreadyExists,
  IDEMPOTENCY_KEY_REUSED: Code.AlreadyExists,
  UNIT_SCALE_CONFLICT: Code.AlreadyExists,
  COUPON_CODE_TAKEN: Code.AlreadyExists,
  INSUFFICIENT_BALANCE: Code.FailedPrecondition,
  ACCOUNT_FROZEN: Code.FailedPrecondition,
  ACCOUNT_CLOSED: Code.FailedPrecondition,
  ACCOUNT_ALREADY_FROZEN: Code.FailedPrecondition,
  ACCOUNT_NOT_FROZEN: Code.FailedPrecondition,
  ACCOUNT_ALREADY_CLOSED: Code.FailedPrecondition,
  TRANSACTION_NOT_REVERSIBLE: Code.FailedPrecondition,
  SEQUENCE_NOT_REACHED: Code.FailedPrecondition,
  HISTORY_DIVERGED: Code.FailedPrecondition,
  HOLD_NOT_ACTIVE: Code.FailedPrecondition,
  HOLD_EXCEEDED: Code.FailedPrecondition,
  GRANT_NOT_ACTIVE: Code.FailedPrecondition,
  ACCOUNT_HAS_HOLDS: Code.FailedPrecondition,
  SCHEDULE_LIMIT: Code.FailedPrecondition,
  CLOCK_NOT_MOVABLE: Code.FailedPrecondition,
  HOLD_LIMIT: Code.FailedPrecondition,
  GRANT_LIMIT: Code.FailedPrecondition,
  COUPON_NOT_APPLICABLE: Code.FailedPrecondition,
  COUPON_USED_UP: Code.FailedPrecondition,
  MEMBERSHIP_NOT_ACTIVE: Code.FailedPrecondition,
  MEMBERSHIP_ENDED: Code.FailedPrecondition,
  CREDIT_RULE_LIMIT: Code.FailedPrecondition,
  COUPON_DELETED: Code.FailedPrecondition,
  CUSTOMER_CREDIT_NOT_ACTIVE: Code.FailedPrecondition,
  WRITE_ABORTED: Code.Aborted,
  DEADLINE_EXCEEDED: Code.DeadlineExceeded,
  QUEUE_FULL: Code.ResourceExhausted,
  UNAVAILABLE: Code.Unavailable,
  MESSAGE_TOO_LARGE: Code.ResourceExhausted,
  WATCHES_FULL: Code.ResourceExhausted,
  INTERNAL: Code.Internal,
} as const satisfies Record<ReasonName, Code>;

/** The name of a reason on the wire. */
export function reasonName(reason: number): ReasonName | undefined {
  const names = Object.keys(codesByReason) as ReasonName[];
  return names.find((name) => ErrorReason[name] === reason);
}

/** A code as the contract spells it: `failed_precondition`. */
export function codeName(code: Code): string {
  return (Code[code] ?? '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}
