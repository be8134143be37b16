// The unary methods of the fast path: every one of a service, through the same interceptors and
// the same handler as in the router.
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type DescService,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import type { HandlerContext, Interceptor, ServiceImpl, UnaryResponse } from '@connectrpc/connect';
import { createMethodUrl } from '@connectrpc/connect/protocol';
import { assert } from '@scrip/kernel';
import { UnaryCall } from './fast-call.ts';
import { createReadMessage, writeMessage, type ReadMessage } from './read-message.ts';

/** A method, and all that is done for a call of it between its bytes and those of its answer. */
export type UnaryRoute = {
  readonly kind: 'unary';
  readonly method: DescMethodUnary;
  readonly read: ReadMessage;
  /** Judges and answers. What goes wrong is thrown as an error of the contract. */
  readonly handle: (call: UnaryCall) => Promise<Message>;
  readonly write: (message: Message, isBinary: boolean) => Uint8Array;
};

/** A handler of any method. */
type Run = (request: Message, context: HandlerContext) => Promise<MessageInitShape<DescMessage>>;

type Handle = (
  request: Parameters<ReturnType<Interceptor>>[0],
) => ReturnType<ReturnType<Interceptor>>;

/** As the library reads JSON unless it is told otherwise. */
const jsonOptions = { ignoreUnknownFields: true } as const;

/** The routes of a service by their paths. */
export function unaryRoutesOf<Service extends DescService>(
  service: Service,
  implementation: ServiceImpl<Service>,
  interceptors: readonly Interceptor[],
): ReadonlyMap<string, UnaryRoute> {
  const implementations = implementation as Readonly<Record<string, unknown>>;
  const unary = service.methods.filter(
    (method): method is DescMethodUnary & typeof method => method.methodKind === 'unary',
  );
  return new Map(
    unary.map((method) => {
      const run = implementations[method.localName] as Run;
      return [createMethodUrl('/', method), unaryRouteOf(method, run, interceptors)];
    }),
  );
}

function unaryRouteOf(
  method: DescMethodUnary,
  run: Run,
  interceptors: readonly Interceptor[],
): UnaryRoute {
  const { input, output } = method;
  const innermost: Handle = async (request) => {
    assert(request instanceof UnaryCall, 'interceptors pass a call on as it is');
    const message = create(output, await run(request.message, request));
    return request.answer(message);
  };
  const handle = interceptors.reduceRight<Handle>((next, each) => each(next), innermost);
  return {
    kind: 'unary',
    method,
    read: createReadMessage(input, jsonOptions),
    handle: async (call) => ((await handle(call)) as UnaryResponse).message,
    write: (message, isBinary) => writeMessage(output, message, isBinary),
  };
}
