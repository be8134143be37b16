// The platform's error body, and which status each reason has in it.
import type { Facade, FaultAnswer } from '../facade.ts';
import type { Fault, FaultReason, Issue } from '../faults/fault.ts';

const statuses: Readonly<Record<FaultReason, number>> = {
  FIELD_MISSING: 422,
  FIELD_INVALID: 422,
  AMOUNT_INVALID: 422,
  CURSOR_INVALID: 422,
  SEQUENCE_BEYOND_HEAD: 422,
  ACCOUNT_REPEATED: 422,
  ENTRIES_UNBALANCED: 422,
  UNIT_MISMATCH: 422,
  COUPON_NOT_APPLICABLE: 422,
  COUPON_CODE_TAKEN: 422,
  CREDIT_RULE_LIMIT: 422,
  REQUEST_MALFORMED: 400,
  CUSTOMER_CREDIT_NOT_ACTIVE: 400,
  COUPON_USED_UP: 400,
  INSUFFICIENT_BALANCE: 400,
  KEY_MISSING: 401,
  KEY_UNKNOWN: 401,
  TOKEN_EXPIRED: 401,
  SCOPE_MISSING: 403,
  COUPON_NOT_FOUND: 404,
  COUPON_DELETED: 404,
  CUSTOMER_CREDIT_NOT_FOUND: 404,
  REDEMPTION_NOT_FOUND: 404,
  MEMBERSHIP_NOT_FOUND: 404,
  CREDIT_RULE_NOT_FOUND: 404,
  CUSTOMER_NOT_FOUND: 404,
  ACCOUNT_NOT_FOUND: 404,
  TRANSACTION_NOT_FOUND: 404,
  HOLD_NOT_FOUND: 404,
  SCHEDULE_NOT_FOUND: 404,
  GRANT_NOT_FOUND: 404,
  ENTRY_NOT_FOUND: 404,
  API_KEY_NOT_FOUND: 404,
  RESOURCE_NOT_FOUND: 404,
  ROUTE_UNKNOWN: 404,
  MEMBERSHIP_NOT_ACTIVE: 409,
  MEMBERSHIP_ENDED: 409,
  IDEMPOTENCY_KEY_REUSED: 409,
  RESOURCE_CONFLICT: 409,
  EXTERNAL_ID_TAKEN: 409,
  ACCOUNT_NAME_TAKEN: 409,
  UNIT_SCALE_CONFLICT: 409,
  ACCOUNT_FROZEN: 409,
  ACCOUNT_CLOSED: 409,
  ACCOUNT_ALREADY_FROZEN: 409,
  ACCOUNT_NOT_FROZEN: 409,
  ACCOUNT_ALREADY_CLOSED: 409,
  TRANSACTION_NOT_REVERSIBLE: 409,
  SEQUENCE_NOT_REACHED: 409,
  HISTORY_DIVERGED: 409,
  HOLD_NOT_ACTIVE: 409,
  HOLD_EXCEEDED: 409,
  HOLD_LIMIT: 409,
  GRANT_NOT_ACTIVE: 409,
  GRANT_LIMIT: 409,
  ACCOUNT_HAS_HOLDS: 409,
  SCHEDULE_LIMIT: 409,
  CLOCK_NOT_MOVABLE: 409,
  MESSAGE_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  QUEUE_FULL: 429,
  WATCHES_FULL: 429,
  INTERNAL: 500,
  WRITE_ABORTED: 503,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Fields of the ledger that have another name here. */
const fieldNames: Readonly<Record<string, string>> = {
  value: 'type',
  fixed_amount: 'amount',
  'fixed_amount.amount': 'amount',
  'fixed_amount.currency': 'currency',
  'validity_period.count': 'validity_period',
  expires_at: 'expiry_date',
  valid_from: 'valid_from_date',
  valid_to: 'valid_to_date',
  frequency: 'issuing_frequency',
  is_guest: 'lead_booker',
  'idempotency-key': 'Idempotency-Key',
};

/** The field that a refusal is about where the ledger names none. */
const fieldsByReason: Readonly<Partial<Record<FaultReason, string>>> = {
  AMOUNT_INVALID: 'amount',
  COUPON_CODE_TAKEN: 'code',
  CREDIT_RULE_LIMIT: 'membership_type_id',
};

/** Says no as the platform would: a message, and with 422 the fields. */
export const presentFault: Facade['presentFault'] = (fault, { method }): FaultAnswer => {
  // A read of what the key may not see finds nothing.
  if (fault.reason === 'SCOPE_MISSING' && isRead(method)) return nothingThere;
  const status = fault.issues.length > 0 ? 422 : statuses[fault.reason];
  const body = { message: sentenceOf(fault), code: fault.reason.toLowerCase() };
  return { status, body: status === 422 ? { ...body, errors: errorsOf(fault) } : body };
};

const nothingThere: FaultAnswer = {
  status: 404,
  body: { message: 'There is no such thing.', code: 'resource_not_found' },
};

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function sentenceOf({ message, issues: [issue] }: Fault): string {
  return issue === undefined ? message : sentenceAbout(issue);
}

function errorsOf({ reason, message, metadata, issues }: Fault): Record<string, string[]> {
  const field = reason === 'COUPON_NOT_APPLICABLE' ? metadata['cause'] : fieldsByReason[reason];
  if (issues.length === 0) return field === undefined ? {} : { [field]: [message] };
  return Object.fromEntries(issues.map((issue) => [shownField(issue), [sentenceAbout(issue)]]));
}

/** A problem is the rest of a sentence about the field, or a whole sentence of the ledger's. */
function sentenceAbout(issue: Issue): string {
  const { problem } = issue;
  return /^[A-Z].*\.$/.test(problem) ? problem : `${shownField(issue)} ${shownProblem(issue)}.`;
}

/** What the ledger says of a field that looks otherwise here: a period is one text. */
function shownProblem({ field, problem }: Issue): string {
  if (field.endsWith('validity_period.count')) {
    return problem.replace('is not a whole number', 'must have a number');
  }
  return problem.replace(/ valid_from$/, ' valid_from_date');
}

function shownField({ field }: Issue): string {
  const name = field.replace(/^terms\./, '');
  return fieldNames[name] ?? name;
}
