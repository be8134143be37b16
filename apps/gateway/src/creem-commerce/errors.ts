// The commerce API's error body (format 1). Unknown routes have it too.
import { STATUS_CODES } from 'node:http';
import type { Facade, FaultAnswer } from '../facade.ts';
import type { FaultReason } from '../faults/fault.ts';

const statuses: Readonly<Partial<Record<FaultReason, number>>> = {
  FIELD_MISSING: 400,
  FIELD_INVALID: 400,
  REQUEST_MALFORMED: 400,
  KEY_MISSING: 401,
  KEY_UNKNOWN: 403,
  SCOPE_MISSING: 403,
  RESOURCE_NOT_FOUND: 404,
  ROUTE_UNKNOWN: 404,
  MESSAGE_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  QUEUE_FULL: 429,
  WRITE_ABORTED: 503,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Says no in format 1. */
export const presentFault: Facade['presentFault'] = (fault, place) =>
  formatOne(statuses[fault.reason] ?? 500, { message: fault.message, ...place });

/** The body of format 1 by itself, for what fails before there is a request. */
export function formatOne(
  status: number,
  facts: { readonly message: string; readonly requestId: string; readonly atMs: number },
): FaultAnswer {
  const body = {
    trace_id: facts.requestId,
    status,
    error: STATUS_CODES[status] ?? 'Error',
    message: [facts.message],
    timestamp: facts.atMs,
  };
  return { status, body };
}
