// Streams with @grpc/grpc-js, the other gRPC of Node.
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { findTrailerError } from '@connectrpc/connect/protocol-grpc';
import { LedgerService } from '@scrip/contract';
import type { StreamCall, Streams } from './streams.ts';

/** Streams over channels of grpc-js, one for each server. Close them in the end. */
export function createGrpcJsStreams(): Streams & { readonly close: () => void } {
  const clients = new Map<string, Client>();
  const clientOf = (url: string): Client => {
    const client = clients.get(url) ?? new Client(new URL(url).host, credentials.createInsecure());
    clients.set(url, client);
    return client;
  };
  const { watchHistory, watchBalances } = LedgerService.method;
  return {
    watchHistory: (request, call) =>
      openStream(clientOf(call.url), watchHistory, { request, call }),
    watchBalances: (request, call) =>
      openStream(clientOf(call.url), watchBalances, { request, call }),
    close: () => {
      for (const client of clients.values()) client.close();
    },
  };
}

type Method<I extends DescMessage, O extends DescMessage> = {
  readonly name: string;
  readonly input: I;
  readonly output: O;
};

async function* openStream<I extends DescMessage, O extends DescMessage>(
  client: Client,
  { name, input, output }: Method<I, O>,
  { request, call }: { readonly request: MessageShape<I>; readonly call: StreamCall },
): AsyncIterable<MessageShape<O>> {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(call.headers)) metadata.set(key, value);
  const stream = client.makeServerStreamRequest<MessageShape<I>, MessageShape<O>>(
    `/${LedgerService.typeName}/${name}`,
    (message) => Buffer.from(toBinary(input, message)),
    (bytes) => fromBinary(output, bytes),
    request,
    metadata,
  );
  const cancel = (): void => stream.cancel();
  call.signal.addEventListener('abort', cancel);
  if (call.signal.aborted) cancel();
  try {
    for await (const message of stream) yield message as MessageShape<O>;
  } catch (error) {
    throw asConnectError(error as ServiceError);
  } finally {
    call.signal.removeEventListener('abort', cancel);
    stream.cancel();
  }
}

function asConnectError({ code, details, metadata }: ServiceError): ConnectError {
  const [status] = metadata?.get('grpc-status-details-bin') ?? [];
  const trailer = new Headers({
    'grpc-status': String(code),
    'grpc-message': encodeURIComponent(details),
  });
  if (Buffer.isBuffer(status)) trailer.set('grpc-status-details-bin', status.toString('base64'));
  return findTrailerError(trailer) ?? new ConnectError(details, Code.Unknown);
}
