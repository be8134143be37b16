// One line in the log for each call, whatever became of it. Never keys, never personal fields.
import type { DescMethod } from '@bufbuild/protobuf';
import { Code, ConnectError, type ContextValues } from '@connectrpc/connect';
import { present } from '@scrip/kernel';
import type { Clock, Log } from '@scrip/runtime';
import { callEndKey, callerKey, requestIdKey, type CallEnd } from '../call/call-facts.ts';
import type { ArrivingCall, WatchCall } from '../call/watch-call.ts';
import { isOpenService } from './open-services.ts';
import { completeConnectError, isUnreadable } from '../errors/complete-connect-error.ts';
import { codeName } from '../errors/reasons.ts';
import { reasonOf } from '../errors/service-error.ts';

/** The end of a call with an error, as the log tells it. */
export function endOf(error: ConnectError): CallEnd {
  return { code: codeName(error.code), ...present('reason', reasonOf(error)) };
}

/** Writes the line when a call ends. The error that ended it is completed before it is sent. */
export function createCallLog({
  log,
  clock,
}: {
  readonly log: Log;
  readonly clock: Clock;
}): WatchCall {
  // The line of a call is made of names and numbers of our own: looking for secrets in each would
  // cost more than writing it.
  const logOf = createMethodLogs((shared) => log.child(shared, { redact: [] }));
  return (call) => {
    const { service, values } = call;
    const startedAtMs = clock.nowMs();
    return (reason) => {
      const request_id = values.get(requestIdKey);
      if (isBug(reason)) log.error({ request_id, err: reason }, 'a bug');
      if (reason instanceof ConnectError) completeConnectError(reason);
      const level = isOpenService(service) ? 'debug' : 'info';
      logOf(call)[level](
        {
          request_id,
          ...callEndOf(values, reason),
          duration_ms: clock.nowMs() - startedAtMs,
          ...present('key_id', values.get(callerKey)?.id),
        },
        'call',
      );
    };
  };
}

/** What the lines of a method in one protocol have in common, written once. */
function createMethodLogs(child: (shared: Record<string, string>) => Log) {
  const logs = new Map<string, Map<DescMethod, Log>>();
  return ({ service, method, protocolName: protocol }: ArrivingCall): Log => {
    const byMethod = logs.get(protocol) ?? new Map<DescMethod, Log>();
    logs.set(protocol, byMethod);
    const known = byMethod.get(method);
    if (known !== undefined) return known;
    const made = child({ method: `${service.typeName}/${method.name}`, protocol });
    byMethod.set(method, made);
    return made;
  };
}

/** How a call ended, from what an interceptor noted or from what ended it. */
export function callEndOf(values: ContextValues, reason: unknown): CallEnd {
  return values.get(callEndKey) ?? endOfSignal(reason);
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

// A call that no interceptor saw end was refused before, or its caller has gone.
function endOfSignal(reason: unknown): CallEnd {
  if (reason instanceof ConnectError) return endOf(reason);
  return { code: isBug(reason) ? 'internal' : 'canceled' };
}
