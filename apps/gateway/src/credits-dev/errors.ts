// The Accounts API's error body, and what each reason is in it.
import type { Facade, FaultAnswer } from '../facade.ts';
import type { Fault, FaultReason } from '../faults/fault.ts';
import { exactNumber } from '../json/parse-json.ts';
import { toReservationId, toShownAccountId } from './ids.ts';

type Row = readonly [status: number, code: string];

const rows: Readonly<Record<FaultReason, Row>> = {
  FIELD_MISSING: [400, 'validation_error'],
  FIELD_INVALID: [400, 'validation_error'],
  AMOUNT_INVALID: [400, 'validation_error'],
  REQUEST_MALFORMED: [400, 'malformed_request'],
  CURSOR_INVALID: [400, 'validation_error'],
  SEQUENCE_BEYOND_HEAD: [400, 'validation_error'],
  ACCOUNT_REPEATED: [400, 'validation_error'],
  ENTRIES_UNBALANCED: [400, 'validation_error'],
  UNIT_MISMATCH: [400, 'validation_error'],
  KEY_MISSING: [401, 'unauthorized'],
  KEY_UNKNOWN: [401, 'unauthorized'],
  TOKEN_EXPIRED: [401, 'unauthorized'],
  INSUFFICIENT_BALANCE: [402, 'insufficient_credits'],
  SCOPE_MISSING: [403, 'forbidden'],
  ACCOUNT_NOT_FOUND: [404, 'account_not_found'],
  TRANSACTION_NOT_FOUND: [404, 'transaction_not_found'],
  HOLD_NOT_FOUND: [404, 'reservation_not_found'],
  SCHEDULE_NOT_FOUND: [404, 'not_found'],
  GRANT_NOT_FOUND: [404, 'not_found'],
  ENTRY_NOT_FOUND: [404, 'not_found'],
  API_KEY_NOT_FOUND: [404, 'not_found'],
  COUPON_NOT_FOUND: [404, 'not_found'],
  CUSTOMER_CREDIT_NOT_FOUND: [404, 'not_found'],
  REDEMPTION_NOT_FOUND: [404, 'not_found'],
  MEMBERSHIP_NOT_FOUND: [404, 'not_found'],
  CREDIT_RULE_NOT_FOUND: [404, 'not_found'],
  CUSTOMER_NOT_FOUND: [404, 'not_found'],
  RESOURCE_NOT_FOUND: [404, 'not_found'],
  ROUTE_UNKNOWN: [404, 'not_found'],
  RESOURCE_CONFLICT: [409, 'conflict'],
  EXTERNAL_ID_TAKEN: [409, 'external_id_conflict'],
  ACCOUNT_NAME_TAKEN: [409, 'external_id_conflict'],
  IDEMPOTENCY_KEY_REUSED: [409, 'idempotency_key_conflict'],
  UNIT_SCALE_CONFLICT: [409, 'unit_scale_conflict'],
  ACCOUNT_FROZEN: [409, 'account_frozen'],
  ACCOUNT_CLOSED: [409, 'account_closed'],
  ACCOUNT_ALREADY_FROZEN: [409, 'account_already_frozen'],
  ACCOUNT_NOT_FROZEN: [409, 'account_not_frozen'],
  ACCOUNT_ALREADY_CLOSED: [409, 'account_already_closed'],
  TRANSACTION_NOT_REVERSIBLE: [409, 'transaction_not_reversible'],
  SEQUENCE_NOT_REACHED: [409, 'sequence_not_reached'],
  HISTORY_DIVERGED: [409, 'history_diverged'],
  HOLD_NOT_ACTIVE: [409, 'reservation_not_pending'],
  HOLD_EXCEEDED: [409, 'reservation_exceeded'],
  GRANT_NOT_ACTIVE: [409, 'grant_not_active'],
  ACCOUNT_HAS_HOLDS: [409, 'account_has_reservations'],
  SCHEDULE_LIMIT: [409, 'plan_limit'],
  HOLD_LIMIT: [409, 'reservation_limit'],
  GRANT_LIMIT: [409, 'grant_limit'],
  CLOCK_NOT_MOVABLE: [409, 'clock_not_movable'],
  COUPON_CODE_TAKEN: [409, 'coupon_code_taken'],
  COUPON_DELETED: [409, 'coupon_deleted'],
  CUSTOMER_CREDIT_NOT_ACTIVE: [409, 'customer_credit_not_active'],
  COUPON_NOT_APPLICABLE: [409, 'coupon_not_applicable'],
  COUPON_USED_UP: [409, 'coupon_used_up'],
  MEMBERSHIP_NOT_ACTIVE: [409, 'membership_not_active'],
  MEMBERSHIP_ENDED: [409, 'membership_ended'],
  CREDIT_RULE_LIMIT: [409, 'credit_rule_limit'],
  MESSAGE_TOO_LARGE: [413, 'body_too_large'],
  MEDIA_TYPE_UNSUPPORTED: [415, 'unsupported_media_type'],
  QUEUE_FULL: [429, 'rate_limited'],
  WATCHES_FULL: [429, 'rate_limited'],
  INTERNAL: [500, 'internal_error'],
  WRITE_ABORTED: [503, 'unavailable'],
  UNAVAILABLE: [503, 'unavailable'],
  DEADLINE_EXCEEDED: [504, 'deadline_exceeded'],
};

/** Field names of the ledger that have another name here. */
const fieldNames: Readonly<Record<string, string>> = {
  external_id: 'externalId',
  customer_id: 'externalId',
  display_name: 'name',
  idempotency_key: 'Idempotency-Key',
  'idempotency-key': 'Idempotency-Key',
  reference: 'description',
  expires_at: 'expiresAt',
  // Of a plan that is assigned: its last period would end beyond the year 9999.
  anchor: 'planId',
  'grant.expires_at': 'expiresAt',
  'grant.source': 'paymentMethod',
  ttl: 'expiresInSeconds',
  starting_after: 'startingAfter',
};

/** How a reservation is over, by the ledger's status of the hold. */
const endings: Readonly<Record<string, readonly [code: string, message: string]>> = {
  captured: ['reservation_already_confirmed', 'The reservation was confirmed before.'],
  released: ['reservation_already_cancelled', 'The reservation was cancelled before.'],
  expired: ['reservation_expired', 'The reservation has expired.'],
};

/** Accounts have no names and customers here: both reasons mean that the id is in use. */
const messages: Readonly<Partial<Record<FaultReason, string>>> = {
  EXTERNAL_ID_TAKEN: 'Another account has that externalId.',
  ACCOUNT_NAME_TAKEN: 'The customer with that externalId has an account already.',
};

/** Says no as the Accounts API would. */
export const presentFault: Facade['presentFault'] = (thrown, { path }): FaultAnswer => {
  const fault = path.endsWith('/reservations/create') ? ofReservation(thrown) : thrown;
  const [status, usualCode] = rows[fault.reason];
  const ending = endingOf(fault);
  const { code = usualCode } = fault.metadata;
  const [endingCode = code, message = messageOf(fault)] = ending ?? [];
  const details = detailsOf(fault);
  const error = { code: endingCode, message, ...(details === undefined ? {} : { details }) };
  return { status, body: { success: false, error } };
};

/** The reference of a reservation is its operation; all else has a description. */
function ofReservation(fault: Fault): Fault {
  const { message, issues } = fault;
  const named = issues.map((issue) =>
    issue.field === 'reference' ? { ...issue, field: 'operation' } : issue,
  );
  return { ...fault, message: message.replace(/^reference(?= )/, 'operation'), issues: named };
}

function endingOf({ reason, metadata }: Fault): (typeof endings)[string] | undefined {
  return reason === 'HOLD_NOT_ACTIVE' ? endings[metadata['status'] ?? ''] : undefined;
}

function messageOf({ reason, message }: Fault): string {
  const written = messages[reason];
  if (written !== undefined) return written;
  return message.replace(/^[a-z_.-]+(?= )/, (field) => fieldNames[field] ?? field);
}

function detailsOf({ reason, issues, metadata }: Fault): object | undefined {
  const { account_id: accountId, hold_id: holdId, required, available } = metadata;
  switch (reason) {
    case 'EXTERNAL_ID_TAKEN':
    case 'ACCOUNT_NAME_TAKEN':
      return accountId === undefined ? undefined : { accountId: toShownAccountId(accountId) };
    case 'INSUFFICIENT_BALANCE':
      return { required: numberOf(required), available: numberOf(available) };
    case 'HOLD_NOT_ACTIVE':
      return holdId === undefined ? undefined : { reservationId: toReservationId(holdId) };
    default:
      return issues.length === 0 ? undefined : issues.map(shownIssue);
  }
}

function shownIssue({ field, problem }: Fault['issues'][number]): object {
  return { field: fieldNames[field] ?? field, issue: problem };
}

/** Amounts are numbers here, exact at any size. */
function numberOf(decimal: string | undefined): unknown {
  return decimal === undefined ? undefined : exactNumber(decimal);
}
