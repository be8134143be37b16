// Waiting that a signal can cut short.
import { Code, ConnectError } from '@connectrpc/connect';

/** Waits, or ends at once when the signal is aborted; whoever waits looks at the signal next. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    resolve();
  };
  const timer = setTimeout(end, ms);
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
  return promise;
}

/** Waits for a step no longer than until the signal is aborted: then it is `canceled`. */
export async function unlessAborted<T>(step: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new ConnectError('the caller has ended it', Code.Canceled));
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await Promise.race([step, promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
