// The unary methods of the fast path: every one of a service, with the handler that the router has.
import type { DescMethodUnary, DescService } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { createMethodUrl } from '@connectrpc/connect/protocol';
import type { Outcome } from './answer.ts';
import type { FastCall } from './fast-call.ts';
import {
  handleUnary,
  type HandleOptions,
  type RunUnary,
  type UnaryHandler,
} from './handle-call.ts';
import { createReadMessage, writeMessage, type ReadMessage } from './read-message.ts';

/** A method, and all that is done for a call of it between its bytes and those of its answer. */
export type UnaryRoute = {
  readonly kind: 'unary';
  readonly method: DescMethodUnary;
  readonly read: ReadMessage;
  /** Judges and answers. Never rejects. */
  readonly handle: (call: FastCall) => Promise<Outcome>;
};

/** The routes of a service by their paths. */
export function unaryRoutesOf<Service extends DescService>(
  service: Service,
  implementation: ServiceImpl<Service>,
  options: HandleOptions,
): ReadonlyMap<string, UnaryRoute> {
  const implementations = implementation as Readonly<Record<string, unknown>>;
  const unary = service.methods.filter(
    (method): method is DescMethodUnary & typeof method => method.methodKind === 'unary',
  );
  return new Map(
    unary.map((method) => {
      const run = implementations[method.localName] as RunUnary;
      return [createMethodUrl('/', method), unaryRouteOf(method, run, options)];
    }),
  );
}

function unaryRouteOf(method: DescMethodUnary, run: RunUnary, options: HandleOptions): UnaryRoute {
  const { input, output } = method;
  const handler: UnaryHandler = {
    run,
    write: (answer, isBinary) => writeMessage(output, answer, isBinary),
  };
  return {
    kind: 'unary',
    method,
    read: createReadMessage(input),
    handle: (call) => handleUnary(options, call, handler),
  };
}
