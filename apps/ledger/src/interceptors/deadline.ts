// Every call has a deadline, and is answered when it passes, whatever is still under way.
import type { Interceptor } from '@connectrpc/connect';
import { Code, ConnectError } from '@connectrpc/connect';
import { serviceError } from '../errors/service-error.ts';

/** Ends calls at the caller's deadline, or after `defaultMs` when it named none. */
export function createDeadlineInterceptor(defaultMs: number): Interceptor {
  return (next) => async (request) => {
    if (request.stream) return next(request);
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(deadlineExceeded()), defaultMs);
    const follow = (): void => controller.abort(reasonToEnd(request.signal.reason));
    if (request.signal.aborted) follow();
    request.signal.addEventListener('abort', follow);
    try {
      return await untilAborted(controller.signal, () =>
        next({ ...request, signal: controller.signal }),
      );
    } finally {
      clearTimeout(timer);
      request.signal.removeEventListener('abort', follow);
    }
  };
}

async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => aborted.reject(signal.reason as Error), { once: true });
  return Promise.race([work(), aborted.promise]);
}

function reasonToEnd(reason: unknown): ConnectError {
  if (!(reason instanceof ConnectError)) {
    return new ConnectError('The caller has gone.', Code.Canceled);
  }
  return reason.code === Code.DeadlineExceeded ? deadlineExceeded() : reason;
}

function deadlineExceeded(): ConnectError {
  const message = 'The deadline passed. A write may have happened: ask with its key.';
  return serviceError('DEADLINE_EXCEEDED', { message });
}
