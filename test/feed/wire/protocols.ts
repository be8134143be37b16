// All ways to the feed, by name.
import { bareStreams } from './bare-streams.ts';
import { clientStreams } from './client-streams.ts';
import { connectTransports, createConnectStreams } from './connect-streams.ts';
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
] as const;

export type Protocol = (typeof protocols)[number];

export type Wires = {
  readonly streams: Readonly<Record<Protocol, Streams>>;
  readonly close: () => void;
};

/** Opens them; streams of one protocol share connections. */
export function openWires(): Wires {
  const grpcJs = createGrpcJsStreams();
  const streams = {
    'gRPC, grpc-js': grpcJs,
    'gRPC, connect-node': createConnectStreams(connectTransports.grpc),
    Connect: createConnectStreams(connectTransports.connect),
    'Connect over HTTP/1.1': createConnectStreams(connectTransports['connect over HTTP/1.1']),
    'Connect in JSON': createConnectStreams(connectTransports['connect in JSON']),
    'gRPC-Web': createConnectStreams(connectTransports['grpc-web']),
    'gRPC-Web by hand': bareStreams,
    '@scrip/client': clientStreams,
  };
  return { streams, close: grpcJs.close };
}
