// One post over bare HTTP/2, in Connect or in gRPC by hand.
import type { IncomingHttpHeaders } from 'node:http';
import type { ClientHttp2Session } from 'node:http2';
import { create, toBinary } from '@bufbuild/protobuf';
import { CreditRequestSchema } from '@scrip/contract';

/** Who posts, to which accounts, and how. */
export interface Target {
  readonly protocol: 'connect' | 'grpc';
  readonly apiKey: string;
  readonly accountIds: readonly string[];
}

/** Credits one of the accounts; says whether that succeeded. */
export function callOnce(session: ClientHttp2Session, load: Target, key: string): Promise<boolean> {
  const isGrpc = load.protocol === 'grpc';
  const stream = session.request({
    ':method': 'POST',
    ':path': '/scrip.ledger.v1.LedgerService/Credit',
    'content-type': isGrpc ? 'application/grpc' : 'application/proto',
    'x-api-key': load.apiKey,
    ...(isGrpc ? { te: 'trailers' } : { 'connect-protocol-version': '1' }),
  });
  const body = bodyOf(load, key);
  stream.end(isGrpc ? framed(body) : body);
  return new Promise((resolve, reject) => {
    let succeeded = false;
    stream.on('response', (headers) => {
      succeeded = Number(headers[':status']) === 200;
    });
    stream.on('trailers', (trailers: IncomingHttpHeaders) => {
      succeeded &&= trailers['grpc-status'] === '0';
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(succeeded));
    stream.resume();
  });
}

function bodyOf(load: Target, key: string): Uint8Array {
  const id = load.accountIds[Math.floor(Math.random() * load.accountIds.length)] ?? '';
  const request = create(CreditRequestSchema, {
    account: { ref: { case: 'id', value: id } },
    amount: '1',
    reference: 'bench',
    idempotencyKey: key,
  });
  return toBinary(CreditRequestSchema, request);
}

function framed(body: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}
