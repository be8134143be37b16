// Why a call was ended that did not end by itself.
import { Code, ConnectError } from '@connectrpc/connect';
import { serviceError } from './service-error.ts';

/** The error of a call whose signal was aborted, from the signal's reason. */
export function reasonToEnd(reason: unknown): ConnectError {
  if (!(reason instanceof ConnectError)) {
    return new ConnectError('The caller has gone.', Code.Canceled);
  }
  return reason.code === Code.DeadlineExceeded ? deadlineExceeded() : reason;
}

/** The error of a call that took too long. */
export function deadlineExceeded(): ConnectError {
  const message = 'The deadline passed. A write may have happened: ask with its key.';
  return serviceError('DEADLINE_EXCEEDED', { message });
}
