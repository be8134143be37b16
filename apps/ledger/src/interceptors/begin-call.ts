// The beginning of every call: it gets its name, and those who watch it begin to.
import type { Clock, Log } from '@scrip/runtime';
import type { WatchCall } from '../call/watch-call.ts';
import { createCallLog } from './access-log.ts';
import { nameRequest } from './request-id.ts';

export type BeginCallOptions = {
  readonly log: Log;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  /** Sees every call, for figures and traces. */
  readonly watchCall?: WatchCall;
};

/** Names calls, and sees to their log lines, their figures and their traces. */
export function createBeginCall(options: BeginCallOptions): WatchCall {
  const watchForLog = createCallLog(options);
  const { newRequestId, watchCall } = options;
  return (call) => {
    nameRequest(call, newRequestId);
    const endLog = watchForLog(call);
    const endWatch = watchCall?.(call);
    return (reason) => {
      endLog(reason);
      endWatch?.(reason);
    };
  };
}
