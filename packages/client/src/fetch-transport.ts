// The transport over `fetch`, which browsers have.
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web';
import { checkedBaseUrl, wrongOption } from './wrong-option.ts';

export type FetchTransportOptions = {
  /** Where the ledger listens, `http://127.0.0.1:7410` say. */
  readonly baseUrl: string;
  /** What is spoken. Default `connect`. gRPC itself needs HTTP/2: see `@scrip/client/node`. */
  readonly protocol?: 'connect' | 'grpc-web';
};

export function createFetchTransport(options: FetchTransportOptions): Transport {
  const { protocol = 'connect' } = options;
  const baseUrl = isPathOfPage(options.baseUrl) ? options.baseUrl : checkedBaseUrl(options.baseUrl);
  switch (protocol) {
    case 'connect':
      return createConnectTransport({ baseUrl, fetch: fetchOrSay });
    case 'grpc-web':
      return createGrpcWebTransport({ baseUrl, fetch: fetchOrSay });
    default:
      throw wrongOption('protocol must be connect or grpc-web; for grpc see @scrip/client/node');
  }
}

/** A page may name a path of its own host, `/ledger` say. */
function isPathOfPage(baseUrl: string): boolean {
  return 'location' in globalThis && /^\/\S*$/.test(baseUrl);
}

/** A ledger that nobody reached is `unavailable`, as over HTTP/2: `fetch` has no word for it. */
async function fetchOrSay(...request: Parameters<typeof fetch>): Promise<Response> {
  try {
    return await fetch(...request);
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    throw new ConnectError(thrown.message, Code.Unavailable, undefined, undefined, thrown);
  }
}
