// Errors that the RPC library raises by itself, completed with the contract's reasons.
import { Code, type ConnectError } from '@connectrpc/connect';
import { ErrorDetailSchema } from '@scrip/contract';
import { errorDetail, type ErrorFacts } from './service-error.ts';
import { codesByReason, type ReasonName } from './reasons.ts';

type Completion = ErrorFacts & { readonly reason: ReasonName };

/**
 * Adds what the library leaves out: the reason, a code that blames the right side, a sentence that
 * names no internals. Changes the error itself, since the library sends that very object.
 */
export function completeConnectError(error: ConnectError): ConnectError {
  if (error.findDetails(ErrorDetailSchema).length > 0) return error;
  const completion = completionOf(error);
  if (completion === undefined) return error;
  const { reason, message } = completion;
  const value = errorDetail(reason, completion);
  error.details.push({ desc: ErrorDetailSchema, value });
  return Object.assign(error, { code: codesByReason[reason], rawMessage: message, message });
}

function completionOf(error: ConnectError): Completion | undefined {
  switch (error.code) {
    case Code.InvalidArgument:
      return ofForm(error.rawMessage);
    case Code.ResourceExhausted:
      return ofSize(error.rawMessage);
    case Code.DeadlineExceeded:
      return { reason: 'DEADLINE_EXCEEDED', message: 'The deadline passed.' };
    case Code.Unavailable:
      return { reason: 'UNAVAILABLE', message: error.rawMessage };
    case Code.Internal:
      return ofInternal(error);
    default:
      return undefined;
  }
}

function ofForm(message: string): Completion {
  const ofTime = ofTimeLimit(message);
  if (ofTime === undefined) return { reason: 'FIELD_INVALID', message };
  return { reason: 'FIELD_INVALID', message: ofTime, metadata: { field: 'timeout' } };
}

/** What is wrong with a time limit, in words that name the header. */
function ofTimeLimit(message: string): string | undefined {
  const limitMs = /^timeout .* must be <= (\d+)/.exec(message)?.[1];
  if (limitMs !== undefined) {
    return `connect-timeout-ms or grpc-timeout of this call must be at most ${limitMs} ms.`;
  }
  if (message.includes('invalid connect timeout')) {
    return 'connect-timeout-ms must be a whole number of milliseconds with at most 10 digits.';
  }
  if (message.includes('invalid grpc timeout')) {
    return 'grpc-timeout must be a whole number of at most 8 digits with a unit (H M S m u n).';
  }
  return undefined;
}

function ofSize(message: string): Completion | undefined {
  const limit = /larger than configured readMaxBytes (\d+)/.exec(message)?.[1];
  if (limit === undefined) return undefined;
  return {
    reason: 'MESSAGE_TOO_LARGE',
    message: `The message is larger than ${limit} bytes.`,
    metadata: { limit_bytes: limit },
  };
}

const unreadable = ['parse binary', 'received compressed envelope, but do not know how'];

/** Whether the library calls bytes that are no message an internal error; the caller sent them. */
export function isUnreadable({ code, rawMessage }: ConnectError): boolean {
  return code === Code.Internal && unreadable.some((beginning) => rawMessage.startsWith(beginning));
}

function ofInternal(error: ConnectError): Completion {
  if (isUnreadable(error)) {
    return { reason: 'FIELD_INVALID', message: 'The message is not readable.' };
  }
  return {
    reason: 'INTERNAL',
    message: 'The service failed. Its log tells more under the request id.',
  };
}
