// The methods of the fast path that answer message by message.
import {
  type DescMessage,
  type DescMethodServerStreaming,
  type DescService,
  type Message,
} from '@bufbuild/protobuf';
import type {
  HandlerContext,
  Interceptor,
  ServiceImpl,
  StreamRequest,
  StreamResponse,
} from '@connectrpc/connect';
import { createMethodUrl, encodeEnvelope } from '@connectrpc/connect/protocol';
import { assert } from '@scrip/kernel';
import type { JudgeRequest } from '../interceptors/validate.ts';
import { StreamCall } from './fast-call.ts';
import {
  createReadMessage,
  writeMessage,
  type JsonOptions,
  type ReadMessage,
} from './read-message.ts';

/** A method, and all that is done for a call of it between its bytes and the frames it answers. */
export type StreamRoute = {
  readonly kind: 'stream';
  readonly method: DescMethodServerStreaming;
  readonly read: ReadMessage;
  /** Judges, and gives the messages. What goes wrong is thrown as an error of the contract. */
  readonly open: (call: StreamCall) => Promise<AsyncIterable<Message>>;
  /** The frame of a message: the same bytes for all who are told the same message. */
  readonly write: (message: Message, isBinary: boolean) => Uint8Array;
};

/** A handler of any method. Those of the ledger yield messages as they are sent. */
type Run = (request: Message, context: HandlerContext) => AsyncIterable<Message>;

type Handle = (request: StreamRequest) => Promise<StreamResponse>;

/** The streams of a service by their paths. `jsonOptions` are those of their requests. */
export function streamRoutesOf<Service extends DescService>(
  service: Service,
  implementation: ServiceImpl<Service>,
  options: StreamRouteOptions,
): ReadonlyMap<string, StreamRoute> {
  const implementations = implementation as Readonly<Record<string, unknown>>;
  const streams = service.methods.filter(
    (method): method is DescMethodServerStreaming & typeof method =>
      method.methodKind === 'server_streaming',
  );
  return new Map(
    streams.map((method) => {
      const run = implementations[method.localName] as Run;
      return [createMethodUrl('/', method), streamRouteOf(method, run, options)];
    }),
  );
}

export type StreamRouteOptions = {
  readonly interceptors: readonly Interceptor[];
  readonly judge: JudgeRequest;
  readonly jsonOptions: JsonOptions;
};

function streamRouteOf(
  method: DescMethodServerStreaming,
  run: Run,
  { interceptors, judge, jsonOptions }: StreamRouteOptions,
): StreamRoute {
  const { input, output } = method;
  const innermost: Handle = async (request) => {
    assert(request instanceof StreamCall, 'interceptors pass a call on as it is');
    judge(input, request.asked);
    return request.answer(run(request.asked, request));
  };
  const handle = interceptors.reduceRight<Handle>(
    (next, each) => each(next as Parameters<Interceptor>[0]) as Handle,
    innermost,
  );
  return {
    kind: 'stream',
    method,
    read: createReadMessage(input, jsonOptions),
    open: async (call) => (await handle(call)).message,
    write: createWriteFrame(output),
  };
}

function createWriteFrame(output: DescMessage): StreamRoute['write'] {
  const [binary, json] = [new WeakMap<Message, Uint8Array>(), new WeakMap<Message, Uint8Array>()];
  return (message, isBinary) => {
    const frames = isBinary ? binary : json;
    const known = frames.get(message);
    if (known !== undefined) return known;
    const frame = encodeEnvelope(0, writeMessage(output, message, isBinary));
    frames.set(message, frame);
    return frame;
  };
}
