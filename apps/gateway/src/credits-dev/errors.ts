// The Accounts API's error body, and what each reason is in it.
import type { Facade, FaultAnswer } from '../facade.ts';
import type { Fault, FaultReason } from '../faults/fault.ts';
import { toShownId } from './ids.ts';

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
  RESOURCE_NOT_FOUND: [404, 'not_found'],
  ROUTE_UNKNOWN: [404, 'not_found'],
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
  CLOCK_NOT_MOVABLE: [409, 'clock_not_movable'],
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
};

/** Accounts have no names and customers here: both reasons mean that the id is in use. */
const messages: Readonly<Partial<Record<FaultReason, string>>> = {
  EXTERNAL_ID_TAKEN: 'Another account has that externalId.',
  ACCOUNT_NAME_TAKEN: 'The customer with that externalId has an account already.',
};

/** Says no as the Accounts API would. */
export const presentFault: Facade['presentFault'] = (fault): FaultAnswer => {
  const [status, code] = rows[fault.reason];
  const details = detailsOf(fault);
  const message = messageOf(fault);
  const error = { code, message, ...(details === undefined ? {} : { details }) };
  return { status, body: { success: false, error } };
};

function messageOf({ reason, message }: Fault): string {
  const written = messages[reason];
  if (written !== undefined) return written;
  return message.replace(/^[a-z_]+(?= )/, (field) => fieldNames[field] ?? field);
}

function detailsOf({ reason, issues, metadata }: Fault): object | undefined {
  const { account_id: accountId, required, available } = metadata;
  if (reason === 'EXTERNAL_ID_TAKEN' || reason === 'ACCOUNT_NAME_TAKEN') {
    return accountId === undefined ? undefined : { accountId: toShownId(accountId) };
  }
  if (reason === 'INSUFFICIENT_BALANCE') return { required, available };
  if (issues.length === 0) return undefined;
  return issues.map(({ field, problem }) => ({
    field: fieldNames[field] ?? field,
    issue: problem,
  }));
}
