// The ledger's error detail in the short form that the tests compare.

import { at, type JsonObject, type Outcome } from './caller.ts';

/** The names of gRPC's codes by number, in the spelling of Connect. */
export const codeNames: readonly string[] = [
  'ok',
  'canceled',
  'unknown',
  'invalid_argument',
  'deadline_exceeded',
  'not_found',
  'already_exists',
  'permission_denied',
  'resource_exhausted',
  'failed_precondition',
  'aborted',
  'out_of_range',
  'unimplemented',
  'internal',
  'unavailable',
  'data_loss',
  'unauthenticated',
];

/** Reason and facts of an `ErrorDetail`; nothing when there was none. */
export function refusalOf(detail: JsonObject): Pick<Outcome, 'reason' | 'metadata'> {
  const reason = at(detail, 'reason');
  if (typeof reason !== 'string') return {};
  const metadata = (at(detail, 'metadata') ?? {}) as JsonObject;
  return { reason: reason.replace(/^ERROR_REASON_/, ''), metadata };
}
