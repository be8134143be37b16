// One line in the log for each call, whatever became of it. Never keys, never personal fields.
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { present } from '@scrip/kernel';
import type { Clock, Log } from '@scrip/runtime';
import { callEndKey, callerKey, requestIdKey, type CallEnd } from '../call/call-facts.ts';
import { isOpenService } from './open-services.ts';
import { completeConnectError, isUnreadable } from '../errors/complete-connect-error.ts';
import { codeName } from '../errors/reasons.ts';
import { reasonOf } from '../errors/service-error.ts';

/** The end of a call with an error, as the log tells it. */
export function endOf(error: ConnectError): CallEnd {
  return { code: codeName(error.code), ...present('reason', reasonOf(error)) };
}

/**
 * Writes the line when the call ends. The library aborts a call's signal once, at its end, with the
 * error it is about to send: the one place that also sees what never reaches an interceptor.
 */
export function logCallEnd(
  context: HandlerContext,
  { log, callLog, clock }: { readonly log: Log; readonly callLog: Log; readonly clock: Clock },
): void {
  const startedAtMs = clock.nowMs();
  const write = (): void => {
    const reason: unknown = context.signal.reason;
    if (isBug(reason)) log.error({ request_id: requestIdOf(context), err: reason }, 'a bug');
    if (reason instanceof ConnectError) completeConnectError(reason);
    const level = isOpenService(context.service) ? 'debug' : 'info';
    callLog[level](
      {
        request_id: requestIdOf(context),
        method: `${context.service.typeName}/${context.method.name}`,
        protocol: context.protocolName,
        ...callEndOf(context),
        duration_ms: clock.nowMs() - startedAtMs,
        ...present('key_id', context.values.get(callerKey)?.id),
      },
      'call',
    );
  };
  if (context.signal.aborted) write();
  else context.signal.addEventListener('abort', write, { once: true });
}

/** How a call ended, once its signal is aborted. */
export function callEndOf({ values, signal }: HandlerContext): CallEnd {
  return values.get(callEndKey) ?? endOfSignal(signal.reason);
}

// Bugs that an interceptor saw are logged there, and have a detail.
function isBug(reason: unknown): boolean {
  if (!(reason instanceof ConnectError)) return reason instanceof Error && !isAbort(reason);
  if (isUnreadable(reason)) return false;
  return reason.code === Code.Internal && reason.details.length === 0;
}

function isAbort(reason: Error): boolean {
  return reason.name === 'AbortError';
}

function requestIdOf(context: HandlerContext): string {
  return context.values.get(requestIdKey);
}

// A call that no interceptor saw end was refused before, or its caller has gone.
function endOfSignal(reason: unknown): CallEnd {
  if (reason instanceof ConnectError) return endOf(reason);
  return { code: isBug(reason) ? 'internal' : 'canceled' };
}
