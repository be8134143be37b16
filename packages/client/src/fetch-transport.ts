// The transport over `fetch`, which browsers have.
import type { Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web';

export type FetchTransportOptions = {
  /** Where the ledger listens, `http://127.0.0.1:7410` say. */
  readonly baseUrl: string;
  /** What is spoken. Default `connect`. gRPC itself needs HTTP/2: see `@scrip/client/node`. */
  readonly protocol?: 'connect' | 'grpc-web';
};

export function createFetchTransport(options: FetchTransportOptions): Transport {
  const { baseUrl, protocol = 'connect' } = options;
  switch (protocol) {
    case 'connect':
      return createConnectTransport({ baseUrl });
    case 'grpc-web':
      return createGrpcWebTransport({ baseUrl });
  }
}
