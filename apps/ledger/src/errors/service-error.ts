// Errors as the service sends them: a code, a sentence for a developer, and one ErrorDetail.
import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { ConnectError } from '@connectrpc/connect';
import { ErrorDetailSchema, ErrorReason, type ErrorDetail } from '@scrip/contract';
import { present } from '@scrip/kernel';
import { codesByReason, reasonName, type ReasonName } from './reasons.ts';

/** What an error says besides its reason. */
export type ErrorFacts = {
  readonly message: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly retryAfterMs?: number | undefined;
  readonly headers?: Record<string, string>;
};

/** Makes the error of a reason, with the reason's code. */
export function serviceError(reason: ReasonName, facts: ErrorFacts): ConnectError {
  const detail = { desc: ErrorDetailSchema, value: errorDetail(reason, facts) };
  return new ConnectError(facts.message, codesByReason[reason], facts.headers, [detail]);
}

/** Makes the error of a key that lacks a scope. */
export function scopeMissing(scope: string): ConnectError {
  const message = `The API key lacks the scope ${scope}.`;
  return serviceError('SCOPE_MISSING', { message, metadata: { scope } });
}

/** Makes the detail alone. */
export function errorDetail(reason: ReasonName, facts: Omit<ErrorFacts, 'message'>): ErrorDetail {
  const { metadata = {}, retryAfterMs } = facts;
  return create(ErrorDetailSchema, {
    reason: ErrorReason[reason],
    metadata: { ...metadata },
    ...present('retryAfter', retryAfterMs === undefined ? undefined : durationFromMs(retryAfterMs)),
  });
}

/** The reason that an error tells, if it is one of the service's. */
export function reasonOf(error: ConnectError): ReasonName | undefined {
  const [detail] = error.findDetails(ErrorDetailSchema);
  return detail && reasonName(detail.reason);
}
