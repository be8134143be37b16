// One span for each call of the ledger, in the trace of its caller.
import { present } from '@scrip/kernel';
import { requestIdKey } from '../call/call-facts.ts';
import type { WatchCall } from '../call/watch-call.ts';
import { callEndOf } from '../interceptors/access-log.ts';
import { isOpenService } from '../interceptors/open-services.ts';
import type { Tracing } from './tracing.ts';

/** Ends that are failures of the service; the others are refusals, or the caller's own doing. */
const failures: ReadonlySet<string> = new Set([
  'data_loss',
  'deadline_exceeded',
  'internal',
  'unavailable',
  'unimplemented',
  'unknown',
]);

/** Watches a call from here to its end. Health checks and the like have no spans. */
export function createCallSpans({ start }: Tracing): WatchCall {
  return ({ service, method, header: headers, protocolName, values }) => {
    if (isOpenService(service)) return () => undefined;
    const end = start({
      name: `${service.typeName}/${method.name}`,
      kind: 'server',
      headers,
      attributes: {
        'rpc.system': protocolName === 'connect' ? 'connect_rpc' : 'grpc',
        'rpc.service': service.typeName,
        'rpc.method': method.name,
        'scrip.request_id': values.get(requestIdKey),
      },
    });
    return (endedBy) => {
      const { code, reason } = callEndOf(values, endedBy);
      end({ 'scrip.code': code, ...present('scrip.reason', reason) }, failures.has(code));
    };
  };
}
