// The protocols of streams on the fast path: how each begins to answer, and how it ends.
import type { OutgoingHttpHeaders } from 'node:http';
import type { ConnectError } from '@connectrpc/connect';
import { encodeEnvelope } from '@connectrpc/connect/protocol';
import { createEndStreamSerialization, endStreamFlag } from '@connectrpc/connect/protocol-connect';
import { grpcStatusOk, setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import { trailerFlag, trailerSerialize } from '@connectrpc/connect/protocol-grpc-web';
import { parseConnectTimeoutMs } from './connect-dialect.ts';
import type { Dialect } from './dialect.ts';
import { grpcHeaders, messageOf, parseTimeoutMs } from './grpc-frame.ts';

/** What ends a stream: the last bytes of the body, or trailers of HTTP/2. */
export type StreamEnd = {
  readonly bytes?: Uint8Array;
  readonly trailers?: OutgoingHttpHeaders;
};

/** How a call is answered message by message. Messages are frames in each protocol. */
export type StreamDialect = Dialect & {
  /** The content type of the answer. */
  readonly contentType: string;
  /** Whether its end is told in trailers of HTTP/2. */
  readonly hasTrailers: boolean;
  readonly endOf: (error: ConnectError | undefined) => StreamEnd;
};

function grpc(contentType: `application/grpc+${'proto' | 'json'}`): StreamDialect {
  return {
    ...grpcHeaders,
    messageOf,
    protocolName: 'grpc',
    isBinary: contentType.endsWith('proto'),
    parseTimeoutMs,
    contentType,
    hasTrailers: true,
    endOf: (error) => ({ trailers: Object.fromEntries(statusOf(error)) }),
  };
}

function grpcWeb(contentType: `application/grpc-web+${'proto' | 'json'}`): StreamDialect {
  return {
    ...grpcHeaders,
    messageOf,
    protocolName: 'grpc-web',
    isBinary: contentType.endsWith('proto'),
    parseTimeoutMs,
    contentType,
    hasTrailers: false,
    endOf: (error) => ({ bytes: encodeEnvelope(trailerFlag, trailerSerialize(statusOf(error))) }),
  };
}

function connect(contentType: `application/connect+${'proto' | 'json'}`): StreamDialect {
  return {
    messageOf,
    protocolName: 'connect',
    isBinary: contentType.endsWith('proto'),
    timeoutHeader: 'connect-timeout-ms',
    encodingHeader: 'connect-content-encoding',
    acceptHeader: 'connect-accept-encoding',
    parseTimeoutMs: parseConnectTimeoutMs,
    contentType,
    hasTrailers: false,
    endOf: (error) => {
      const end = { metadata: new Headers(), ...(error === undefined ? {} : { error }) };
      return { bytes: encodeEnvelope(endStreamFlag, endSerialization.serialize(end)) };
    },
  };
}

const endSerialization = createEndStreamSerialization(undefined);

function statusOf(error: ConnectError | undefined): Headers {
  const trailers = new Headers({ 'grpc-status': grpcStatusOk });
  if (error !== undefined) setTrailerStatus(trailers, error);
  return trailers;
}

const binaryGrpc = grpc('application/grpc+proto');
const binaryGrpcWeb = grpcWeb('application/grpc-web+proto');

/** By the content type that asks; what is not here is for the router. */
export const streamDialects: ReadonlyMap<string, StreamDialect> = new Map([
  ['application/connect+proto', connect('application/connect+proto')],
  ['application/connect+json', connect('application/connect+json')],
  ['application/grpc', binaryGrpc],
  ['application/grpc+proto', binaryGrpc],
  ['application/grpc+json', grpc('application/grpc+json')],
  ['application/grpc-web', binaryGrpcWeb],
  ['application/grpc-web+proto', binaryGrpcWeb],
  ['application/grpc-web+json', grpcWeb('application/grpc-web+json')],
]);
