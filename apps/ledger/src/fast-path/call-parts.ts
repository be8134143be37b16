// What a call is made of, from what was received of it.
import type { Admission } from './admit.ts';
import type { CallParts } from './fast-call.ts';
import type { ReceivedCall } from './receive-call.ts';

/** The parts of a call that ends with this signal. */
export function partsOf({
  admission: { dialect, authority, headers },
  received: { values, message, timeoutMs },
  signal,
}: {
  readonly admission: Admission;
  readonly received: ReceivedCall;
  readonly signal: AbortSignal;
}): CallParts {
  const { protocolName } = dialect;
  return { protocolName, authority, headers, values, message, timeoutMs, signal };
}
