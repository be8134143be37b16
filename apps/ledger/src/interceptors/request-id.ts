// The id of a request: the caller's own when it is sane, else a new one. Every answer has it.
import { requestIdKey } from '../call/call-facts.ts';
import type { ArrivingCall } from '../call/watch-call.ts';

/** The header of every answer that names its request. */
export const requestIdHeader = 'scrip-request-id';

const callersHeader = 'x-request-id';
const sane = /^[\w.:/+=@-]{1,128}$/;

/** Names the request, in the call's values. */
export function nameRequest(
  { header, values }: Pick<ArrivingCall, 'header' | 'values'>,
  newRequestId: () => string,
): void {
  const given = header.get(callersHeader) ?? '';
  values.set(requestIdKey, sane.test(given) ? given : newRequestId());
}
