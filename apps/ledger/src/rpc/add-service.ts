// A service on the router, each method with the options that are its own.
import type { DescService } from '@bufbuild/protobuf';
import type { ConnectRouter, ServiceImpl } from '@connectrpc/connect';
import { jsonOptionsOf } from '../form/read-json.ts';

/**
 * How streams differ. Their messages are not compressed: each would be anew for each of those who
 * watch. They may go on for 24 days: a timer can tell hardly more. A stop ends them by themselves:
 * ten thousand listeners on the signal that ends the other calls would have to be passed by each of
 * those calls.
 */
export const streamOptions = {
  compressMinBytes: Number.MAX_SAFE_INTEGER,
  maxTimeoutMs: 24 * 86_400_000,
  // The library leaves out what is undefined, though its types do not say so.
  shutdownSignal: undefined as never,
};

/**
 * Registers the methods of a service. A name in JSON that the contract does not know is refused: a
 * misspelt term of a credit would be lost without a word, and so would the start of a stream.
 */
export function addService<Service extends DescService>(
  router: ConnectRouter,
  service: Service,
  implementation: ServiceImpl<Service>,
): void {
  const implementations = implementation as Readonly<Record<string, unknown>>;
  for (const method of service.methods) {
    router.rpc(method, implementations[method.localName] as never, {
      ...(method.methodKind === 'unary' ? {} : streamOptions),
      jsonOptions: jsonOptionsOf(method.input),
    });
  }
}
