// A proxy before PostgreSQL that can cut a connection at the COMMIT of a unit of work that wrote.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createBackendReader, endsAnswer } from './backend-messages.ts';
import { createFrontendReader, endsStatement, type FrontendMessage } from './frontend-messages.ts';

/**
 * Where the cut is: `before` the COMMIT reaches PostgreSQL; `during`, right after it was forwarded;
 * `after` PostgreSQL has answered, when the answer is lost.
 */
export const cutPlaces = ['before', 'during', 'after'] as const;
export type CutPlace = (typeof cutPlaces)[number];

export type CommitCutter = {
  readonly port: number;
  /** Cuts the next COMMIT of a write on any connection; resolves when it is cut. */
  readonly cutNext: (place: CutPlace) => Promise<void>;
  readonly close: () => Promise<void>;
};

type Cut = { readonly place: CutPlace; readonly done: () => void };

/** Starts the proxy on a free port. `target` is asked at each connection for the socket's path. */
export async function startCommitCutter(target: () => string): Promise<CommitCutter> {
  const waiting: Cut[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const backend = connect(target());
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    join({ client, backend, takeCut: () => waiting.shift() });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cutNext: (place) => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      waiting.push({ place, done: () => resolve(undefined) });
      return promise;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

type Pair = {
  readonly client: Socket;
  readonly backend: Socket;
  readonly takeCut: () => Cut | undefined;
};

function join(pair: Pair): void {
  const { client, backend } = pair;
  const [reader, answers] = [createFrontendReader(), createBackendReader()];
  // Statements come without waiting for each other's answers. The first answer is to the greeting.
  let unansweredCount = 1;
  let isLost = false;
  const end = (): void => {
    client.destroy();
    backend.destroy();
  };
  let hasWritten = false;
  const forward = (message: FrontendMessage): void => {
    const { bytes, meaning } = message;
    if (meaning === 'begins') hasWritten = false;
    if (meaning === 'writes') hasWritten = true;
    const cut = meaning === 'commits' && hasWritten ? pair.takeCut() : undefined;
    if (endsStatement(message)) unansweredCount++;
    if (cut === undefined) backend.write(bytes);
    else cutHere(pair, { cut, bytes, end, loseAnswer: () => (isLost = true) });
  };
  client.on('data', (chunk) => {
    for (const message of reader.read(chunk)) if (!client.destroyed) forward(message);
  });
  backend.on('data', (chunk) => {
    unansweredCount -= answers.read(chunk).filter(endsAnswer).length;
    if (!isLost && !client.destroyed) client.write(chunk);
    else if (isLost && unansweredCount === 0) end();
  });
  for (const socket of [client, backend]) socket.on('error', end).on('close', end);
}

type Cutting = {
  readonly cut: Cut;
  readonly bytes: Buffer;
  readonly end: () => void;
  /** Nothing that comes back is passed on any more; ends when all was answered. */
  readonly loseAnswer: () => void;
};

function cutHere({ client, backend }: Pair, { cut, bytes, end, loseAnswer }: Cutting): void {
  switch (cut.place) {
    case 'before':
      end();
      break;
    case 'during':
      // Half-closing lets PostgreSQL read the COMMIT before it sees the end of the connection.
      backend.end(bytes);
      client.destroy();
      break;
    case 'after':
      loseAnswer();
      backend.write(bytes);
      break;
  }
  cut.done();
}
