// gRPC over HTTP/2: the message is a frame, and how the call ended is told in trailers.
import { grpcStatusOk, setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import type { Answer, Presentation } from './answer.ts';
import type { UnaryDialect } from './dialect.ts';
import { frame, grpcHeaders, messageOf, parseTimeoutMs } from './grpc-frame.ts';

const nothing = new Uint8Array();

/** The dialect whose answers have this content type. */
export function grpcDialect(
  contentType: 'application/grpc+proto' | 'application/grpc+json',
): UnaryDialect {
  return {
    ...grpcHeaders,
    protocolName: 'grpc',
    isBinary: contentType === 'application/grpc+proto',
    parseTimeoutMs,
    messageOf,
    present: (presentation) => present(presentation, contentType),
  };
}

function present(
  { outcome, headers, compression }: Presentation,
  contentType: string,
): Answer | Promise<Answer> {
  headers['content-type'] = contentType;
  // Said whether or not the message is large enough to be compressed.
  if (compression !== null) headers['grpc-encoding'] = compression.name;
  if (outcome.kind === 'error') {
    const trailers = new Headers({ 'grpc-status': grpcStatusOk });
    setTrailerStatus(trailers, outcome.error);
    return { status: 200, headers, body: nothing, trailers: Object.fromEntries(trailers) };
  }
  const trailers = { 'grpc-status': grpcStatusOk };
  const framed = frame({ flags: 0, data: outcome.bytes }, compression);
  if (framed instanceof Uint8Array) return { status: 200, headers, body: framed, trailers };
  return framed.then((body) => ({ status: 200, headers, body, trailers }));
}
