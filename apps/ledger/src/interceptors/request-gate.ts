// What happens to a call when its headers are here, before its body is read.
import type { HandlerContext } from '@connectrpc/connect';
import type { Clock, Log } from '@scrip/runtime';
import { toConnectError } from '../errors/to-connect-error.ts';
import { logCallEnd } from './access-log.ts';
import type { Authenticate } from './authenticate.ts';
import { nameRequest } from './request-id.ts';

export type RequestGateOptions = {
  readonly log: Log;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  readonly authenticate: Authenticate;
  /** Sees every call, for figures. */
  readonly watchCall?: (context: HandlerContext) => void;
};

/** Names the request, sees to its log line and asks for the key: nobody unknown is read out. */
export function createRequestGate(
  options: RequestGateOptions,
): (context: HandlerContext) => Promise<void> {
  // The line of a call is made of names and numbers of our own: looking for secrets in each would
  // cost more than writing it.
  const logs = { ...options, callLog: options.log.child({}, { redact: [] }) };
  return async (context) => {
    const requestId = nameRequest(context, options.newRequestId);
    logCallEnd(context, logs);
    options.watchCall?.(context);
    try {
      const { service, method, requestHeader: header, values } = context;
      await options.authenticate({ service, method, header, values });
    } catch (thrown) {
      const { error, isBug } = toConnectError(thrown);
      if (isBug) options.log.error({ request_id: requestId, err: thrown }, 'a key was not judged');
      throw error;
    }
  };
}
