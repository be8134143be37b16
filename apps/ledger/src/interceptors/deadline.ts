// Every call has a deadline, and is answered when it passes, whatever is still under way. A stream
// has one to begin by; how long it goes on is for its caller to say.
import type { Interceptor } from '@connectrpc/connect';
import { deadlineExceeded, reasonToEnd } from '../errors/reason-to-end.ts';

/** Ends calls at the caller's deadline, or after `defaultMs` when it named none. */
export function createDeadlineInterceptor(defaultMs: number): Interceptor {
  return (next) => async (request) => {
    const controller = new AbortController();
    const expire = (): void => controller.abort(deadlineExceeded());
    // A deadline that the caller named is the library's to keep, by the request's own signal.
    const timer = namesDeadline(request.header) ? undefined : setTimeout(expire, defaultMs);
    const follow = (): void => controller.abort(reasonToEnd(request.signal.reason));
    if (request.signal.aborted) follow();
    request.signal.addEventListener('abort', follow);
    try {
      return await untilAborted(controller.signal, () =>
        next(request.stream ? request : { ...request, signal: controller.signal }),
      );
    } finally {
      clearTimeout(timer);
      request.signal.removeEventListener('abort', follow);
    }
  };
}

function namesDeadline(header: Headers): boolean {
  return header.has('connect-timeout-ms') || header.has('grpc-timeout');
}

function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const leave = (): void => reject(signal.reason as Error);
    // A stream goes on with its signal: what waited for its beginning must not stay with it.
    const settled = (): void => signal.removeEventListener('abort', leave);
    signal.addEventListener('abort', leave);
    work().finally(settled).then(resolve, reject);
  });
}
