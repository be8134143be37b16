// The feed's error body, and the status of each reason. A status other than 200 makes an
// EventSource give up, which is right where another try would not mend it.
import type { Static } from 'typebox';
import type { Facade } from '../facade.ts';
import type { Fault, FaultReason } from '../faults/fault.ts';
import type { ErrorSchema } from './schemas.ts';

const statuses: Readonly<Partial<Record<FaultReason, number>>> = {
  FIELD_MISSING: 400,
  FIELD_INVALID: 400,
  REQUEST_MALFORMED: 400,
  CURSOR_INVALID: 400,
  SEQUENCE_BEYOND_HEAD: 400,
  KEY_MISSING: 401,
  KEY_UNKNOWN: 401,
  TOKEN_EXPIRED: 401,
  SCOPE_MISSING: 403,
  ACCOUNT_NOT_FOUND: 404,
  RESOURCE_NOT_FOUND: 404,
  ROUTE_UNKNOWN: 404,
  HISTORY_DIVERGED: 409,
  MESSAGE_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  QUEUE_FULL: 503,
  WATCHES_FULL: 503,
  WRITE_ABORTED: 503,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Says no before a stream begins. */
export const presentFault: Facade['presentFault'] = (fault, { requestId }) => {
  const status = statuses[fault.reason] ?? 500;
  return { status, body: { error: { ...presentRefusal(fault), request_id: requestId } } };
};

/** A refusal as it stands in an error body, and alone in a stream. */
export function presentRefusal(
  fault: Fault,
): Omit<Static<typeof ErrorSchema>['error'], 'request_id'> {
  const { reason, issues, metadata } = fault;
  const field = issues[0]?.field ?? metadata['field'];
  const facts = field === undefined ? metadata : { ...metadata, field: shownField(field) };
  if (reason === 'CURSOR_INVALID') {
    return { reason, message: 'Last-Event-ID is no id of this feed.', metadata: facts };
  }
  const message = fault.message.replaceAll(field ?? '\0', shownField(field ?? ''));
  return { reason, message, metadata: facts };
}

/** Fields of the ledger that have another name here. */
const fieldNames: Readonly<Record<string, string>> = {
  accounts: 'account_id',
  after: 'Last-Event-ID',
  cursor: 'Last-Event-ID',
};

/** `account_id` for `accounts[3].id`. */
function shownField(field: string): string {
  const [name = field] = field.split(/[.[]/, 1);
  return fieldNames[name] ?? field;
}
