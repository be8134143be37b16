// The id of a request: the caller's own when it is sane, else a new one. Every answer has it.
import type { HandlerContext } from '@connectrpc/connect';
import { requestIdKey } from '../call/call-facts.ts';

const requestIdHeader = 'scrip-request-id';
const callersHeader = 'x-request-id';
const sane = /^[\w.:/+=@-]{1,128}$/;

/** Names the request, in the call's values and in the header of its answer. */
export function nameRequest(context: HandlerContext, newRequestId: () => string): string {
  const given = context.requestHeader.get(callersHeader) ?? '';
  const requestId = sane.test(given) ? given : newRequestId();
  context.values.set(requestIdKey, requestId);
  context.responseHeader.set(requestIdHeader, requestId);
  return requestId;
}
