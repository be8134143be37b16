// The methods of the fast path that answer message by message.
import type {
  DescMessage,
  DescMethodServerStreaming,
  DescService,
  Message,
} from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { createMethodUrl, encodeEnvelope } from '@connectrpc/connect/protocol';
import type { FastCall } from './fast-call.ts';
import { handleStream, type HandleOptions, type RunStream } from './handle-call.ts';
import { createReadMessage, writeMessage, type ReadMessage } from './read-message.ts';

/** A method, and all that is done for a call of it between its bytes and the frames it answers. */
export type StreamRoute = {
  readonly kind: 'stream';
  readonly method: DescMethodServerStreaming;
  readonly read: ReadMessage;
  /** Judges, and gives the messages. What goes wrong is thrown as an error of the contract. */
  readonly open: (call: FastCall) => Promise<AsyncIterable<Message>>;
  /** The frame of a message: the same bytes for all who are told the same message. */
  readonly write: (message: Message, isBinary: boolean) => Uint8Array;
};

/** The streams of a service by their paths. */
export function streamRoutesOf<Service extends DescService>(
  service: Service,
  implementation: ServiceImpl<Service>,
  options: HandleOptions,
): ReadonlyMap<string, StreamRoute> {
  const implementations = implementation as Readonly<Record<string, unknown>>;
  const streams = service.methods.filter(
    (method): method is DescMethodServerStreaming & typeof method =>
      method.methodKind === 'server_streaming',
  );
  return new Map(
    streams.map((method) => {
      const run = implementations[method.localName] as RunStream;
      return [createMethodUrl('/', method), streamRouteOf(method, run, options)];
    }),
  );
}

function streamRouteOf(
  method: DescMethodServerStreaming,
  run: RunStream,
  options: HandleOptions,
): StreamRoute {
  const { input, output } = method;
  return {
    kind: 'stream',
    method,
    read: createReadMessage(input),
    open: (call) => handleStream(options, call, run),
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
