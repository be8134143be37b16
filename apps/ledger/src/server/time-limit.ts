// How long a caller gives a call, where that is more than timers take.
import { parseTimeout as parseConnectTimeout } from '@connectrpc/connect/protocol-connect';
import { parseTimeout as parseGrpcTimeout } from '@connectrpc/connect/protocol-grpc';

/** What timers take, in seconds; Node complains of more on the standard error. */
const timerSecondsMax = Math.floor((2 ** 31 - 1) / 1000);
const timerMsMax = timerSecondsMax * 1000;

/**
 * Shortens a limit that timers do not take to one that they do, which is longer than any method
 * allows: the library starts the timer first, and then refuses the time.
 */
export function boundTimeLimit(header: Headers): void {
  const connect = header.get('connect-timeout-ms');
  const grpc = header.get('grpc-timeout');
  const isTooLong = ({ timeoutMs = 0 }): boolean => timeoutMs > timerMsMax;
  if (isTooLong(parseConnectTimeout(connect, timerMsMax))) {
    header.set('connect-timeout-ms', `${timerMsMax}`);
  }
  if (isTooLong(parseGrpcTimeout(grpc, timerMsMax))) {
    header.set('grpc-timeout', `${timerSecondsMax}S`);
  }
}
