// The content types of the fast path as tests speak them: how each carries a message.
import { create, toBinary, toJsonString, type MessageInitShape } from '@bufbuild/protobuf';
import { CreditRequestSchema } from '@scrip/contract';
import type { RawRequest } from './raw-call.ts';

/** A content type over one version of HTTP. */
export type Spoken = {
  readonly version: RawRequest['version'];
  readonly contentType: string;
  readonly isJson: boolean;
  readonly isFramed: boolean;
};

const contentTypes = [
  'application/proto',
  'application/json',
  'application/grpc',
  'application/grpc+proto',
  'application/grpc+json',
  'application/grpc-web',
  'application/grpc-web+proto',
  'application/grpc-web+json',
] as const;

/** Every content type over every version. */
export const allSpoken: readonly Spoken[] = (['h2', 'h1'] as const).flatMap((version) =>
  contentTypes.map((contentType) => ({
    version,
    contentType,
    isJson: contentType.endsWith('json'),
    isFramed: contentType.includes('grpc'),
  })),
);

/** The path of the method that is called. */
export const creditPath = '/scrip.ledger.v1.LedgerService/Credit';

/** The bytes of a message, without a frame. */
export function encode(
  { isJson }: Spoken,
  message: MessageInitShape<typeof CreditRequestSchema>,
): Uint8Array {
  const request = create(CreditRequestSchema, message);
  if (!isJson) return toBinary(CreditRequestSchema, request);
  return Buffer.from(toJsonString(CreditRequestSchema, request));
}

/** A frame with these flags, whose length may be a lie. */
export function frameOf(data: Uint8Array, flags = 0, length = data.byteLength): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flags, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, data]);
}

/** The body that carries bytes, whatever they are. */
export function carry({ isFramed }: Spoken, bytes: Uint8Array): Uint8Array {
  return isFramed ? frameOf(bytes) : bytes;
}

/** A request to credit that this content type carries. */
export function requestOf(spoken: Spoken, body: Uint8Array): RawRequest {
  const { version, contentType } = spoken;
  const headers = { 'content-type': contentType, 'x-request-id': 'r-1', te: 'trailers' };
  return { version, path: creditPath, headers, body: [body] };
}
