// What the model says about a call, before anything is changed.

/** A reason with the metadata that must come with it. */
export type Refusal = {
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
};

/**
 * `refused` lists every refusal that is right: where the contract does not order two faults of one
 * kind, either may be named.
 */
export type Verdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'replayed'; readonly sequence: number }
  | { readonly kind: 'refused'; readonly anyOf: readonly Refusal[] };

/** The Connect code of each reason, as `error_reason.proto` has it in brackets. */
export const codesByReason: Readonly<Record<string, string>> = {
  FIELD_INVALID: 'invalid_argument',
  AMOUNT_INVALID: 'invalid_argument',
  ENTRIES_UNBALANCED: 'invalid_argument',
  UNIT_MISMATCH: 'invalid_argument',
  ACCOUNT_REPEATED: 'invalid_argument',
  CURSOR_INVALID: 'invalid_argument',
  SEQUENCE_BEYOND_HEAD: 'out_of_range',
  ACCOUNT_NOT_FOUND: 'not_found',
  TRANSACTION_NOT_FOUND: 'not_found',
  API_KEY_NOT_FOUND: 'not_found',
  KEY_MISSING: 'unauthenticated',
  KEY_UNKNOWN: 'unauthenticated',
  SCOPE_MISSING: 'permission_denied',
  ACCOUNT_NAME_TAKEN: 'already_exists',
  EXTERNAL_ID_TAKEN: 'already_exists',
  IDEMPOTENCY_KEY_REUSED: 'already_exists',
  UNIT_SCALE_CONFLICT: 'already_exists',
  INSUFFICIENT_BALANCE: 'failed_precondition',
  ACCOUNT_FROZEN: 'failed_precondition',
  ACCOUNT_CLOSED: 'failed_precondition',
  ACCOUNT_ALREADY_FROZEN: 'failed_precondition',
  ACCOUNT_NOT_FROZEN: 'failed_precondition',
  ACCOUNT_ALREADY_CLOSED: 'failed_precondition',
  TRANSACTION_NOT_REVERSIBLE: 'failed_precondition',
  SEQUENCE_NOT_REACHED: 'failed_precondition',
};

/** Reasons that say that the call was not judged and nothing was written. */
export const nothingWrittenReasons: ReadonlySet<string> = new Set([
  'WRITE_ABORTED',
  'QUEUE_FULL',
  'UNAVAILABLE',
]);

export function refusal(reason: string, metadata: Refusal['metadata'] = {}): Refusal {
  return { reason, metadata };
}

/** A refusal of the first stage that has one, or acceptance. */
export function firstStage(stages: readonly (() => readonly Refusal[])[]): Verdict {
  for (const stage of stages) {
    const anyOf = stage();
    if (anyOf.length > 0) return { kind: 'refused', anyOf };
  }
  return { kind: 'accepted' };
}
