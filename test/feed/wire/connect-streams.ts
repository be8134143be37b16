// Streams with connect-node: gRPC, Connect in binary and in JSON, gRPC-Web.
import { createClient, type Transport } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { LedgerService } from '@scrip/contract';
import type { Streams } from './streams.ts';

type TransportOf = (baseUrl: string) => Transport;

export const connectTransports = {
  grpc: (baseUrl) => createGrpcTransport({ baseUrl }),
  connect: (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: '2', useBinaryFormat: true }),
  'connect over HTTP/1.1': (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: '1.1', useBinaryFormat: true }),
  'connect in JSON': (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: '2', useBinaryFormat: false }),
  'grpc-web': (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: '2' }),
} as const satisfies Readonly<Record<string, TransportOf>>;

/** Streams of one transport; those to one server share its connections. */
export function createConnectStreams(transportOf: TransportOf): Streams {
  const clients = new Map<string, ReturnType<typeof connect>>();
  const connect = (url: string) => createClient(LedgerService, transportOf(url));
  const clientOf = (url: string) => {
    const client = clients.get(url) ?? connect(url);
    clients.set(url, client);
    return client;
  };
  return {
    watchHistory: (request, { url, headers, signal }) =>
      clientOf(url).watchHistory(request, { headers, signal }),
    watchBalances: (request, { url, headers, signal }) =>
      clientOf(url).watchBalances(request, { headers, signal }),
  };
}
