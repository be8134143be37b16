// gRPC-Web: as gRPC, with the trailers in a last frame of the body.
import { grpcStatusOk, setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import { trailerFlag, trailerSerialize } from '@connectrpc/connect/protocol-grpc-web';
import type { Answer, Outcome, Presentation } from './answer.ts';
import type { UnaryDialect } from './dialect.ts';
import { frame, grpcHeaders, messageOf, parseTimeoutMs } from './grpc-frame.ts';

const trailersOk = trailerSerialize(new Headers({ 'grpc-status': grpcStatusOk }));

/** The dialect whose answers have this content type. */
export function grpcWebDialect(
  contentType: 'application/grpc-web+proto' | 'application/grpc-web+json',
): UnaryDialect {
  return {
    ...grpcHeaders,
    protocolName: 'grpc-web',
    isBinary: contentType === 'application/grpc-web+proto',
    parseTimeoutMs,
    messageOf,
    present: (presentation) => present(presentation, contentType),
  };
}

async function present(
  { outcome, headers, compression }: Presentation,
  contentType: string,
): Promise<Answer> {
  headers['content-type'] = contentType;
  if (compression !== null) headers['grpc-encoding'] = compression.name;
  const frames: Uint8Array[] = [];
  for (const each of framesOf(outcome)) {
    const framed = frame(each, compression);
    frames.push(framed instanceof Uint8Array ? framed : await framed);
  }
  return { status: 200, headers, body: Buffer.concat(frames) };
}

function framesOf(outcome: Outcome) {
  if (outcome.kind === 'message') {
    return [
      { flags: 0, data: outcome.bytes },
      { flags: trailerFlag, data: trailersOk },
    ];
  }
  const trailers = new Headers({ 'grpc-status': grpcStatusOk });
  setTrailerStatus(trailers, outcome.error);
  return [{ flags: trailerFlag, data: trailerSerialize(trailers) }];
}
