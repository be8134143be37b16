// All ways to the feed, by name.
import { bareStreams } from './bare-streams.ts';
import { clientStreams } from './client-streams.ts';
import { connectTransports, createConnectStreams } from './connect-streams.ts';
import { createEventSourceStreams } from './event-source-streams.ts';
import { createGrpcJsStreams } from './grpc-js-streams.ts';
import type { Streams } from './streams.ts';

export const protocols = [
  'gRPC, grpc-js',
  'gRPC, connect-node',
  'Connect',
  'Connect over HTTP/1.1',
  'Connect in JSON',
  'gRPC-Web',
  'gRPC-Web by hand',
  '@scrip/client',
  '/v1/feed',
] as const;

export type Protocol = (typeof protocols)[number];

/** Those that have streams of balances too. */
export const balanceProtocols = protocols.filter((name) => name !== '/v1/feed');

type BalanceProtocol = (typeof balanceProtocols)[number];

export type Wires = {
  readonly history: Readonly<Record<Protocol, Pick<Streams, 'watchHistory'>>>;
  readonly balances: Readonly<Record<BalanceProtocol, Pick<Streams, 'watchBalances'>>>;
  readonly close: () => void;
};

/** Opens them; streams of one protocol share connections. */
export function openWires(gatewayOf: (ledgerUrl: string) => string): Wires {
  const grpcJs = createGrpcJsStreams();
  const balances = {
    'gRPC, grpc-js': grpcJs,
    'gRPC, connect-node': createConnectStreams(connectTransports.grpc),
    Connect: createConnectStreams(connectTransports.connect),
    'Connect over HTTP/1.1': createConnectStreams(connectTransports['connect over HTTP/1.1']),
    'Connect in JSON': createConnectStreams(connectTransports['connect in JSON']),
    'gRPC-Web': createConnectStreams(connectTransports['grpc-web']),
    'gRPC-Web by hand': bareStreams,
    '@scrip/client': clientStreams,
  };
  const history = { ...balances, '/v1/feed': createEventSourceStreams(gatewayOf) };
  return { history, balances, close: grpcJs.close };
}
