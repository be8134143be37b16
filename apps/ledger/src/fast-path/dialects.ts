// The protocols of the fast path, by the content type that asks for each.
import { connectDialect } from './connect-dialect.ts';
import { grpcDialect } from './grpc-dialect.ts';
import { grpcWebDialect } from './grpc-web-dialect.ts';
import type { UnaryDialect } from './dialect.ts';

const binaryGrpc = grpcDialect('application/grpc+proto');
const binaryGrpcWeb = grpcWebDialect('application/grpc-web+proto');

/** What is not here is for the router: parameters, other spellings, streams, base64. */
export const unaryDialects: ReadonlyMap<string, UnaryDialect> = new Map([
  ['application/proto', connectDialect('application/proto')],
  ['application/json', connectDialect('application/json')],
  ['application/grpc', binaryGrpc],
  ['application/grpc+proto', binaryGrpc],
  ['application/grpc+json', grpcDialect('application/grpc+json')],
  ['application/grpc-web', binaryGrpcWeb],
  ['application/grpc-web+proto', binaryGrpcWeb],
  ['application/grpc-web+json', grpcWebDialect('application/grpc-web+json')],
]);
