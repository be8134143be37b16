// One cleartext port for gRPC, gRPC-Web and Connect, over HTTP/1.1 and HTTP/2.
import { createServer as createH1Server, type Server as H1Server } from 'node:http';
import {
  createServer as createH2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Address } from '@scrip/runtime';
import type { FastPath } from '../fast-path/fast-path.ts';
import { keepAlive } from './keepalive.ts';
import { sniffVersion } from './preface.ts';
import type { Handed, RequestHandler } from './request-handler.ts';

/** How long a new connection may stay silent. */
const silenceMsMax = 30_000;
/** How long a client may take for its headers, and for its whole request. */
const headersMsMax = 30_000;
const requestMsMax = 120_000;
/** How long an idle HTTP/1.1 connection is kept: longer than most load balancers keep theirs. */
const idleMsMax = 75_000;
const pingIntervalMs = 30_000;
/** Calls at once on one HTTP/2 connection. */
const streamsPerConnectionMax = 1000;
/** How long the last answers may take to get out when calls were cut off. */
const partingMs = 250;

export type Server = {
  listen(address: Address): Promise<Address>;
  /** Takes no more calls, lets those under way end within the grace, then cuts them off. */
  close(): Promise<void>;
};

export type ServerOptions = {
  readonly handler: RequestHandler;
  /** Takes the plain calls before the handler does; nobody when absent. */
  readonly fastPath?: FastPath;
  readonly graceMs: number;
  /** Called when the grace is over: ends the calls that are still open. */
  readonly cutOff: () => void;
};

/** Makes a server that does not listen yet. */
export function createServer(options: ServerOptions): Server {
  const sockets = new Set<Socket>();
  const silent = new Set<Socket>();
  const h1Sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const h1 = createHttp1(options);
  const h2 = createHttp2(options, sessions);
  const tcp = createTcpServer({ noDelay: true }, (socket) => {
    keepWhileOpen(sockets, socket);
    keepWhileOpen(silent, socket);
    // A connection that breaks ends its calls by itself.
    socket.on('error', () => undefined);
    sniffVersion(socket, silenceMsMax, (version) => {
      silent.delete(socket);
      if (version === 'h1') keepWhileOpen(h1Sockets, socket);
      (version === 'h2' ? h2 : h1).emit('connection', socket);
    });
  });
  const refuseMore = (): void => {
    tcp.close();
    for (const socket of silent) socket.destroy();
    for (const session of sessions) session.close();
  };
  const areCallsLeft = (): boolean => {
    // A connection becomes idle when its last call has been answered.
    h1.closeIdleConnections();
    return h1Sockets.size > 0 || [...sessions].some((session) => !session.destroyed);
  };
  let closing: Promise<void> | undefined;
  return {
    listen: async ({ host, port }) => {
      tcp.listen({ host, port });
      await once(tcp, 'listening');
      const bound = tcp.address() as AddressInfo;
      return { host: bound.address, port: bound.port };
    },
    close: () =>
      (closing ??= stop({ ...options, sockets, refuseMore, areCallsLeft }).finally(() => {
        h1.close();
      })),
  };
}

function createHttp1({ handler, fastPath }: ServerOptions): H1Server {
  const h1 = createH1Server(
    {
      headersTimeout: headersMsMax,
      requestTimeout: requestMsMax,
      keepAliveTimeout: idleMsMax,
    },
    (request, response) => {
      if (fastPath?.takeRequest(request, response, handler) === true) return;
      handler(request, response);
    },
  );
  // It never listens itself; this starts what watches its timeouts and idle connections.
  h1.emit('listening');
  return h1;
}

function createHttp2(options: ServerOptions, sessions: Set<ServerHttp2Session>) {
  const settings = { maxConcurrentStreams: streamsPerConnectionMax };
  const h2 = createH2Server({ settings });
  h2.on('stream', createStreamHandler(options));
  h2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => undefined);
    keepAlive(session, pingIntervalMs);
  });
  return h2;
}

type StreamHandler = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  ...rest: readonly unknown[]
) => void;

/**
 * Streams that the fast path does not take become requests and responses. A server that never
 * listens makes them, so that they are those of Node in every respect.
 */
function createStreamHandler({ handler, fastPath }: ServerOptions): StreamHandler {
  const handedByStream = new WeakMap<ServerHttp2Stream, Handed>();
  const requests = createH2Server((request, response) => {
    handler(request, response, handedByStream.get(request.stream));
  });
  return (stream, ...rest) => {
    const handOver = (handed?: Handed): void => {
      if (handed !== undefined) handedByStream.set(stream, handed);
      requests.emit('stream', stream, ...rest);
    };
    const [headers] = rest;
    if (fastPath?.takeStream(stream, headers, handOver) !== true) handOver();
  };
}

function keepWhileOpen(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}

type Stopping = Pick<ServerOptions, 'graceMs' | 'cutOff'> & {
  readonly sockets: ReadonlySet<Socket>;
  readonly refuseMore: () => void;
  readonly areCallsLeft: () => boolean;
};

async function stop(stopping: Stopping): Promise<void> {
  const { graceMs, cutOff, sockets, refuseMore, areCallsLeft } = stopping;
  refuseMore();
  const isEnded = await until(() => !areCallsLeft(), graceMs);
  if (!isEnded) {
    cutOff();
    await until(() => !areCallsLeft(), partingMs);
  }
  // A client that has not read its last answer may keep the connection when all has been sent.
  await until(() => sockets.size === 0, partingMs);
  for (const socket of sockets) socket.destroy();
}

/** Waits until something holds; tells whether that came in time. */
async function until(holds: () => boolean, patienceMs: number): Promise<boolean> {
  const stepMs = 10;
  for (let waitedMs = 0; !holds(); waitedMs += stepMs) {
    if (waitedMs >= patienceMs) return false;
    await setTimeout(stepMs);
  }
  return true;
}
