// A client of HTTP/1.1 that does as little as it can: a connection for each lane, kept open, and
// one request at a time on it.
import { connect, type Socket } from 'node:net';
import type { Answer } from './answers.ts';
import { headersOf } from './header-blocks.ts';
import { createAnswers, type Wire, type WireOptions } from './wire.ts';

export async function createH1Wire(options: WireOptions): Promise<Wire> {
  const { host } = new URL(options.url);
  const headers = headersOf(options.protocol, options.apiKey);
  const answers = createAnswers(options.laneCount);
  const sockets = await Promise.all(
    answers.map((answer, lane) => openSocket(options, { answer, lane })),
  );
  return {
    encode: ({ path, bytes }) => {
      const lines = [
        `POST ${path} HTTP/1.1`,
        `host: ${host}`,
        ...headers.map(([name, text]) => `${name}: ${text}`),
        `content-length: ${bytes.length}`,
      ];
      return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
    },
    send: (lane, request) => sockets[lane]?.write(Buffer.from(request)),
    close: () => {
      for (const socket of sockets) socket.removeAllListeners('close').destroy();
    },
  };
}

async function openSocket(
  options: WireOptions,
  { answer, lane }: { readonly answer: Answer; readonly lane: number },
): Promise<Socket> {
  const { hostname, port } = new URL(options.url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  let unread: Buffer = Buffer.alloc(0);
  socket.on('data', (piece: Buffer) => {
    unread = unread.length === 0 ? piece : Buffer.concat([unread, piece]);
    const body = bodyOf(unread);
    if (body === undefined) return;
    answer.status = Number(unread.toString('latin1', 9, 12));
    const isWanted = options.keepBodies || answer.status >= 300;
    answer.body = isWanted || options.protocol === 'grpc-web' ? [body] : [];
    unread = Buffer.alloc(0);
    options.onAnswer(lane, answer);
  });
  socket.on('error', options.onBroken);
  socket.on('close', () => options.onBroken(new Error('The server closed a connection.')));
  return socket;
}

const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

/** The body of a whole answer, as it came; of half an answer nothing. */
function bodyOf(bytes: Buffer): Buffer | undefined {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return undefined;
  const bodyAt = end + headEnd.length;
  const head = bytes.toString('latin1', 0, end);
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  const isWhole =
    length === undefined
      ? bytes.subarray(-lastChunk.length).equals(lastChunk)
      : bytes.length >= bodyAt + Number(length);
  return isWhole ? bytes.subarray(bodyAt) : undefined;
}
