// What happens to a call when its headers are here, before its body is read.
import type { HandlerContext } from '@connectrpc/connect';
import type { Log } from '@scrip/runtime';
import { requestIdKey } from '../call/call-facts.ts';
import type { EndOfCall, WatchCall } from '../call/watch-call.ts';
import { toConnectError } from '../errors/to-connect-error.ts';
import type { Authenticate } from './authenticate.ts';
import { requestIdHeader } from './request-id.ts';

export type RequestGateOptions = {
  readonly log: Log;
  readonly beginCall: WatchCall;
  readonly authenticate: Authenticate;
};

/** Names the request, sees to its log line and asks for the key: nobody unknown is read out. */
export function createRequestGate({
  log,
  beginCall,
  authenticate,
}: RequestGateOptions): (context: HandlerContext) => Promise<void> {
  return async (context) => {
    const { service, method, protocolName, requestHeader: header, values, signal } = context;
    tellEnd(signal, beginCall({ service, method, protocolName, header, values }));
    const request_id = values.get(requestIdKey);
    context.responseHeader.set(requestIdHeader, request_id);
    try {
      await authenticate({ service, method, header, values });
    } catch (thrown) {
      const { error, isBug } = toConnectError(thrown);
      if (isBug) log.error({ request_id, err: thrown }, 'a key was not judged');
      throw error;
    }
  };
}

// The library aborts a call's signal once, at its end, with the error it is about to send: the one
// place that also sees what never reaches an interceptor.
function tellEnd(signal: AbortSignal, end: EndOfCall): void {
  if (signal.aborted) end(signal.reason);
  else signal.addEventListener('abort', () => end(signal.reason), { once: true });
}
