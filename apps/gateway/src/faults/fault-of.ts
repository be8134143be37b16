// Turns whatever was thrown into a fault. What nobody foresaw is INTERNAL and shows nothing.
import { ScripError } from '@scrip/client';
import type { ScripErrorCode, ScripErrorReason } from '@scrip/client';
import type { FastifyError } from 'fastify';
import type { Fault, FaultReason } from './fault.ts';
import { FaultError } from './fault.ts';
import { validationFault } from './validation-fault.ts';

/** Says why a request fails. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof FaultError) return thrown.fault;
  if (thrown instanceof ScripError) return faultOfLedger(thrown);
  if (thrown instanceof Error) return faultOfFramework(thrown);
  return internal;
}

const internal: Fault = {
  reason: 'INTERNAL',
  message: 'Something went wrong on our side.',
  metadata: {},
  issues: [],
};

/** What a code means when the ledger gave no reason, or one that is not known here. */
const reasonsByCode: Readonly<Partial<Record<ScripErrorCode, ScripErrorReason>>> = {
  canceled: 'UNAVAILABLE',
  deadline_exceeded: 'DEADLINE_EXCEEDED',
  invalid_argument: 'FIELD_INVALID',
  permission_denied: 'SCOPE_MISSING',
  unauthenticated: 'KEY_UNKNOWN',
  unavailable: 'UNAVAILABLE',
};

function faultOfLedger(error: ScripError): Fault {
  const { metadata, retryAfterMs } = error;
  const reason = error.reason ?? reasonsByCode[error.code] ?? 'INTERNAL';
  if (reason === 'INTERNAL') return internal;
  const { field } = metadata;
  const issues = field === undefined ? [] : [{ field, problem: problemOf(error.message, field) }];
  return { reason, message: error.message, metadata, issues, retryAfterMs };
}

/** What the ledger says of a field, as the rest of a sentence that begins with it. */
function problemOf(message: string, field: string): string {
  return message.startsWith(`${field} `)
    ? message.slice(field.length + 1).replace(/\.$/, '')
    : message;
}

const reasonsByFastifyCode: Readonly<Record<string, readonly [FaultReason, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['MESSAGE_TOO_LARGE', 'The body is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['MEDIA_TYPE_UNSUPPORTED', 'The body must be application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'REQUEST_MALFORMED',
    'The body is not as long as content-length says.',
  ],
  FST_ERR_MAX_PARAM_LENGTH: ['RESOURCE_NOT_FOUND', 'There is no such thing.'],
  FST_ERR_BAD_URL: ['REQUEST_MALFORMED', 'The path is not a valid URL component.'],
  FST_ERR_INVALID_URL: ['REQUEST_MALFORMED', 'The path is not a valid URL component.'],
};

function faultOfFramework(error: Error & Partial<FastifyError>): Fault {
  if (error.validation !== undefined) {
    return validationFault(error.validation, error.validationContext);
  }
  const known = reasonsByFastifyCode[error.code ?? ''];
  if (known !== undefined) {
    const [reason, message] = known;
    return { reason, message, metadata: {}, issues: [] };
  }
  const { statusCode = 500 } = error;
  if (statusCode >= 500) return internal;
  const message = 'The request could not be read.';
  return { reason: 'REQUEST_MALFORMED', message, metadata: {}, issues: [] };
}
