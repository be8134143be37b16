// The protocols of the fast path, by the content type that asks for each.
import { connectDialect } from './connect-dialect.ts';
import { grpcDialect } from './grpc-dialect.ts';
import { grpcWebDialect } from './grpc-web-dialect.ts';
import type { Answer, Presentation } from './answer.ts';

/** How one protocol asks and is answered, in one encoding of messages. */
export type Dialect = {
  readonly protocolName: 'connect' | 'grpc' | 'grpc-web';
  readonly isBinary: boolean;
  /** Request headers: the time a call may take, and how bodies are compressed. */
  readonly timeoutHeader: string;
  readonly encodingHeader: string;
  readonly acceptHeader: string;
  /** Reads the time that a call may take; nothing where it is malformed or too long. */
  readonly parseTimeoutMs: (value: string, msMax: number) => number | undefined;
  /** The message of a body; nothing where the body is not exactly one plain message. */
  readonly messageOf: (body: Buffer) => Uint8Array | undefined;
  readonly present: (presentation: Presentation) => Answer | Promise<Answer>;
};

const binaryGrpc = grpcDialect('application/grpc+proto');
const binaryGrpcWeb = grpcWebDialect('application/grpc-web+proto');

/** What is not here is for the router: parameters, other spellings, streams, base64. */
export const dialectsByContentType: ReadonlyMap<string, Dialect> = new Map([
  ['application/proto', connectDialect('application/proto')],
  ['application/json', connectDialect('application/json')],
  ['application/grpc', binaryGrpc],
  ['application/grpc+proto', binaryGrpc],
  ['application/grpc+json', grpcDialect('application/grpc+json')],
  ['application/grpc-web', binaryGrpcWeb],
  ['application/grpc-web+proto', binaryGrpcWeb],
  ['application/grpc-web+json', grpcWebDialect('application/grpc-web+json')],
]);
