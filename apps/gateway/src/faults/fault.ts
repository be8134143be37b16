// A fault: why a request gets no good answer, in one form for all façades. Each façade has a table
// that gives every reason its own status and code.
import type { ScripErrorReason } from '@scrip/client';

/** The ledger's reasons, and those that only a REST request can have. */
export type FaultReason =
  | ScripErrorReason
  | 'FIELD_MISSING'
  | 'REQUEST_MALFORMED'
  | 'MEDIA_TYPE_UNSUPPORTED'
  | 'RESOURCE_NOT_FOUND'
  | 'RESOURCE_CONFLICT'
  | 'ROUTE_UNKNOWN';

/** One field that is wrong, by its path as the caller wrote it: `entries[0].amount`. */
export type Issue = { readonly field: string; readonly problem: string };

export type Fault = {
  readonly reason: FaultReason;
  /** A sentence for a developer. */
  readonly message: string;
  /** The facts, as the ledger gives them. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The wrong fields, at least one where fields are at fault. */
  readonly issues: readonly Issue[];
  /** How long to wait before another try, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
};

type FaultFacts = Partial<Omit<Fault, 'reason' | 'message'>>;

/** A fault on its way to the error handler. */
export class FaultError extends Error {
  readonly fault: Fault;

  constructor(reason: FaultReason, message: string, facts: FaultFacts = {}) {
    super(message);
    this.fault = { metadata: {}, issues: [], ...facts, reason, message };
  }
}

/** The fault of one field that is there but wrong. */
export function invalidField(field: string, problem: string): FaultError {
  const issues = [{ field, problem }];
  return new FaultError('FIELD_INVALID', `${field} ${problem}.`, { issues, metadata: { field } });
}
