// The frames of gRPC and gRPC-Web: a byte of flags, four of length, and the message.
import { encodeEnvelope, envelopeCompress, type Compression } from '@connectrpc/connect/protocol';
import { parseTimeout } from '@connectrpc/connect/protocol-grpc';
import { compressedBytesMin } from './answer.ts';

const prefixBytes = 5;

/** The request headers that gRPC and gRPC-Web share. */
export const grpcHeaders = {
  timeoutHeader: 'grpc-timeout',
  encodingHeader: 'grpc-encoding',
  acceptHeader: 'grpc-accept-encoding',
} as const;

/** Reads `grpc-timeout`; nothing where it is malformed or too long. */
export function parseTimeoutMs(value: string, msMax: number): number | undefined {
  const { timeoutMs, error } = parseTimeout(value, msMax);
  return error === undefined ? timeoutMs : undefined;
}

/** The message of a body that is one whole frame without flags; nothing for any other body. */
export function messageOf(body: Buffer): Uint8Array | undefined {
  if (body.length < prefixBytes || body[0] !== 0) return undefined;
  return body.readUInt32BE(1) === body.length - prefixBytes
    ? body.subarray(prefixBytes)
    : undefined;
}

/** One frame, compressed if its caller takes that and it is large. */
export function frame(
  { flags, data }: { readonly flags: number; readonly data: Uint8Array },
  compression: Compression | null,
): Uint8Array | Promise<Uint8Array> {
  if (compression === null || data.byteLength < compressedBytesMin) {
    return encodeEnvelope(flags, data);
  }
  const envelope = { flags, data: new Uint8Array(data) };
  return envelopeCompress(envelope, compression, compressedBytesMin).then((compressed) =>
    encodeEnvelope(compressed.flags, compressed.data),
  );
}
