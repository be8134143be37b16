// The Customer Credits API's error body (format 2), and what each reason is in it.
import type { Static } from 'typebox';
import type { Facade, FaultAnswer, FaultPlace } from '../facade.ts';
import type { Fault, FaultReason } from '../faults/fault.ts';
import type { ErrorSchema } from './schemas.ts';

type Body = Static<typeof ErrorSchema>;
type Row = readonly [status: number, code: string, param?: string];

const rows: Readonly<Record<FaultReason, Row>> = {
  FIELD_MISSING: [400, 'parameter_missing'],
  FIELD_INVALID: [400, 'parameter_invalid'],
  REQUEST_MALFORMED: [400, 'request_malformed'],
  AMOUNT_INVALID: [400, 'invalid_amount', 'amount'],
  ACCOUNT_REPEATED: [400, 'account_repeated', 'entries'],
  CURSOR_INVALID: [400, 'parameter_invalid'],
  SEQUENCE_BEYOND_HEAD: [400, 'parameter_invalid'],
  KEY_MISSING: [401, 'api_key_missing'],
  KEY_UNKNOWN: [403, 'api_key_invalid'],
  TOKEN_EXPIRED: [401, 'access_token_expired'],
  SCOPE_MISSING: [403, 'api_key_scope_missing'],
  ACCOUNT_NOT_FOUND: [404, 'resource_not_found'],
  TRANSACTION_NOT_FOUND: [404, 'resource_not_found'],
  API_KEY_NOT_FOUND: [404, 'resource_not_found'],
  HOLD_NOT_FOUND: [404, 'resource_not_found'],
  GRANT_NOT_FOUND: [404, 'resource_not_found'],
  SCHEDULE_NOT_FOUND: [404, 'resource_not_found'],
  ENTRY_NOT_FOUND: [404, 'resource_not_found'],
  COUPON_NOT_FOUND: [404, 'resource_not_found'],
  CUSTOMER_CREDIT_NOT_FOUND: [404, 'resource_not_found'],
  REDEMPTION_NOT_FOUND: [404, 'resource_not_found'],
  MEMBERSHIP_NOT_FOUND: [404, 'resource_not_found'],
  CREDIT_RULE_NOT_FOUND: [404, 'resource_not_found'],
  CUSTOMER_NOT_FOUND: [404, 'resource_not_found'],
  RESOURCE_NOT_FOUND: [404, 'resource_not_found'],
  ROUTE_UNKNOWN: [404, 'route_not_found'],
  RESOURCE_CONFLICT: [409, 'resource_conflict'],
  ACCOUNT_NAME_TAKEN: [409, 'account_name_taken', 'name'],
  EXTERNAL_ID_TAKEN: [409, 'external_id_taken'],
  IDEMPOTENCY_KEY_REUSED: [409, 'idempotency_key_mismatch', 'idempotency_key'],
  UNIT_SCALE_CONFLICT: [409, 'unit_scale_conflict', 'unit_label'],
  ACCOUNT_FROZEN: [409, 'account_frozen'],
  ACCOUNT_CLOSED: [409, 'account_closed'],
  ACCOUNT_ALREADY_FROZEN: [409, 'account_already_frozen'],
  ACCOUNT_NOT_FROZEN: [409, 'account_not_frozen'],
  ACCOUNT_ALREADY_CLOSED: [409, 'account_already_closed'],
  TRANSACTION_NOT_REVERSIBLE: [409, 'transaction_not_reversible'],
  SEQUENCE_NOT_REACHED: [409, 'sequence_not_reached'],
  HISTORY_DIVERGED: [409, 'history_diverged'],
  HOLD_NOT_ACTIVE: [409, 'hold_not_active'],
  HOLD_EXCEEDED: [409, 'hold_exceeded'],
  GRANT_NOT_ACTIVE: [409, 'grant_not_active'],
  ACCOUNT_HAS_HOLDS: [409, 'account_has_holds'],
  SCHEDULE_LIMIT: [409, 'schedule_limit'],
  HOLD_LIMIT: [409, 'hold_limit'],
  GRANT_LIMIT: [409, 'grant_limit'],
  COUPON_CODE_TAKEN: [409, 'coupon_code_taken'],
  COUPON_DELETED: [409, 'coupon_deleted'],
  CUSTOMER_CREDIT_NOT_ACTIVE: [409, 'customer_credit_not_active'],
  COUPON_NOT_APPLICABLE: [409, 'coupon_not_applicable'],
  COUPON_USED_UP: [409, 'coupon_used_up'],
  MEMBERSHIP_NOT_ACTIVE: [409, 'membership_not_active'],
  MEMBERSHIP_ENDED: [409, 'membership_ended'],
  CREDIT_RULE_LIMIT: [409, 'credit_rule_limit'],
  CLOCK_NOT_MOVABLE: [409, 'clock_not_movable'],
  MESSAGE_TOO_LARGE: [413, 'request_too_large'],
  MEDIA_TYPE_UNSUPPORTED: [415, 'media_type_unsupported'],
  INSUFFICIENT_BALANCE: [422, 'insufficient_balance', 'amount'],
  ENTRIES_UNBALANCED: [422, 'unbalanced_transaction', 'entries'],
  UNIT_MISMATCH: [422, 'unit_mismatch', 'entries'],
  QUEUE_FULL: [429, 'too_many_requests'],
  WATCHES_FULL: [429, 'too_many_requests'],
  INTERNAL: [500, 'internal_error'],
  WRITE_ABORTED: [503, 'try_again'],
  UNAVAILABLE: [503, 'unavailable'],
  DEADLINE_EXCEEDED: [504, 'deadline_exceeded'],
};

/** Says no in format 2. */
export const presentFault: Facade['presentFault'] = (
  fault: Fault,
  { requestId, path }: FaultPlace,
): FaultAnswer => {
  const [status, code, usualParam] = rows[fault.reason];
  const param = paramOf(fault) ?? (usualParam === 'amount' ? amountParam(path) : usualParam);
  const error: Body['error'] = {
    type: typeOf(status),
    code,
    message: messageOf(fault),
    ...(param === undefined ? {} : { param }),
    request_id: requestId,
  };
  return { status, body: { error } };
};

/** The field at fault by the name it has here. */
function paramOf({ issues: [issue] }: Fault): string | undefined {
  return issue === undefined ? undefined : shownField(issue.field);
}

/** The ledger's `account.id` is `account_id` here. */
function shownField(field: string): string {
  return field.replace(/\baccount\.id$/, 'account_id');
}

/** Where the amount is that is at fault: a reversal has none. */
function amountParam(path: string): string | undefined {
  if (path.endsWith('/reverse')) return undefined;
  return path.endsWith('/transactions') ? 'entries' : 'amount';
}

/** The sentence with the facts in it, for this body has no other place for them. */
function messageOf({ message, metadata, issues: [issue] }: Fault): string {
  const facts = factsOf(metadata);
  if (facts !== undefined && !message.includes(facts)) {
    return `${message.replace(/\.$/, '')}: ${facts}.`;
  }
  return issue === undefined ? message : message.replace(issue.field, shownField(issue.field));
}

function factsOf(metadata: Fault['metadata']): string | undefined {
  const { account, account_id: accountId = account, required, available, transferable } = metadata;
  const { debits, credits, unit_label: unit, other_unit_label: otherUnit } = metadata;
  if (debits !== undefined && credits !== undefined) {
    return `${debits} debited, ${credits} credited`;
  }
  if (unit !== undefined && otherUnit !== undefined) return `${unit} and ${otherUnit}`;
  if (accountId === undefined || required === undefined || available === undefined) {
    return accountId;
  }
  // Credits with terms of their own do not count where they would go to another account.
  const covering =
    transferable === undefined ? `${available} available` : `${transferable} transferable`;
  return `${required} required, ${covering} on ${accountId}`;
}

function typeOf(status: number): Body['error']['type'] {
  if (status === 401 || status === 403) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'api_error' : 'invalid_request_error';
}
