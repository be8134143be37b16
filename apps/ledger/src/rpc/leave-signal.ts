// Whether a caller has gone, as the engine asks it.
import type { HandlerContext } from '@connectrpc/connect';
import type { LeaveSignal } from '@scrip/engine';

/** A call. The fast path knows when it has ended before it has made a signal of it. */
type AnsweredCall = Pick<HandlerContext, 'signal'> & { readonly open?: LeaveSignal };

/** Tells when nobody waits for a call any more. */
export function leaveSignalOf(call: AnsweredCall): LeaveSignal {
  return call.open ?? call.signal;
}
