// The transport over Node's own HTTP/2, in clear text or with TLS as the address says.
import type { Transport } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { checkedBaseUrl, wrongOption } from './wrong-option.ts';

export type NodeTransportOptions = {
  /** Where the ledger listens, `http://127.0.0.1:7410` say. */
  readonly baseUrl: string;
  /** What is spoken. Default `grpc`. */
  readonly protocol?: 'connect' | 'grpc' | 'grpc-web';
};

const httpVersion = '2';
/** A connection that died without a word is found out, and a new one opened for what comes next. */
const pings = { pingIntervalMs: 20_000, pingTimeoutMs: 10_000 };

/** Makes a transport over one HTTP/2 connection, opened with the first call. */
export function createNodeTransport(options: NodeTransportOptions): Transport {
  const { protocol = 'grpc' } = options;
  const baseUrl = checkedBaseUrl(options.baseUrl);
  switch (protocol) {
    case 'connect':
      return createConnectTransport({ baseUrl, httpVersion, ...pings });
    case 'grpc':
      return createGrpcTransport({ baseUrl, ...pings });
    case 'grpc-web':
      return createGrpcWebTransport({ baseUrl, httpVersion, ...pings });
    default:
      throw wrongOption('protocol must be grpc, connect or grpc-web');
  }
}
