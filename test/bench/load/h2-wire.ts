// A client of HTTP/2 that does as little as it can: a full one costs more than the server that is
// measured. A few connections, no push, no priorities, requests in one frame of data each.
import { connect, type Socket } from 'node:net';
import type { Answer } from './answers.ts';
import { firstBlock, grpcStatusOf, headersOf, laterBlock, statusOf } from './header-blocks.ts';
import { createAnswers, type Wire, type WireOptions } from './wire.ts';

const connectionCountMax = 4;
const headBytes = 9;
const windowMax = 2 ** 31 - 1;
const windowAtFirst = 65_535;
const dataBytesMax = 16_384;

const frames = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;
const flags = { endStream: 1, ack: 1, endHeaders: 4 } as const;

export async function createH2Wire(options: WireOptions): Promise<Wire> {
  const { protocol, apiKey, laneCount } = options;
  const { host } = new URL(options.url);
  const headers = headersOf(protocol, apiKey);
  const answers = createAnswers(laneCount);
  const connections = await Promise.all(
    Array.from({ length: Math.min(connectionCountMax, laneCount) }, () =>
      openConnection({ ...options, answers, prime: firstBlock('/', host, headers) }),
    ),
  );
  return {
    encode: ({ path, bytes }) => {
      if (bytes.length > dataBytesMax) throw new Error('A request of the load is too large.');
      const block = laterBlock(path, headers.length + 1);
      return Buffer.concat([
        head({ length: block.length, type: frames.headers, flag: flags.endHeaders }),
        block,
        head({ length: bytes.length, type: frames.data, flag: flags.endStream }),
        bytes,
      ]);
    },
    send: (lane, request) => connections[lane % connections.length]?.send(lane, request),
    close: () => {
      for (const connection of connections) connection.close();
    },
  };
}

type Connection = {
  readonly send: (lane: number, request: Buffer) => void;
  readonly close: () => void;
};

type ConnectionOptions = WireOptions & {
  readonly answers: readonly Answer[];
  readonly prime: Buffer;
};

/** Everything that a connection knows. */
type State = ConnectionOptions & {
  readonly socket: Socket;
  readonly lanes: Map<number, number>;
  readonly outgoing: Buffer[];
  readonly held: { readonly lane: number; readonly request: Buffer }[];
  nextStream: number;
  /** Bytes of bodies that the server still takes. */
  sendWindow: number;
  /** Bytes of bodies that were received and not yet given leave for again. */
  received: number;
  isClosing: boolean;
};

async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { hostname, port } = new URL(options.url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  const state: State = {
    ...options,
    socket,
    lanes: new Map(),
    outgoing: [],
    held: [],
    nextStream: 3,
    sendWindow: windowAtFirst,
    received: 0,
    isClosing: false,
  };
  greet(state);
  let unread: Buffer = Buffer.alloc(0);
  socket.on('data', (piece: Buffer) => {
    unread = readFrames(state, unread.length === 0 ? piece : Buffer.concat([unread, piece]));
    flush(state);
  });
  socket.on('error', options.onBroken);
  socket.on('close', () => {
    if (!state.isClosing) options.onBroken(new Error('The server closed a connection.'));
  });
  return {
    send: (lane, request) => {
      if (state.outgoing.length === 0) process.nextTick(flush, state);
      state.held.push({ lane, request });
      sendHeld(state);
    },
    close: () => {
      state.isClosing = true;
      socket.destroy();
    },
  };
}

/** What a connection begins with, and a first request whose headers the server remembers. */
function greet({ socket, prime }: State): void {
  const settings = Buffer.alloc(18);
  // No table of headers, no push, and answers of any size at once.
  for (const [place, [name, number]] of [[1, 0] as const, [2, 0] as const].entries()) {
    settings.writeUInt16BE(name, place * 6);
    settings.writeUInt32BE(number, place * 6 + 2);
  }
  settings.writeUInt16BE(4, 12);
  settings.writeUInt32BE(windowMax, 14);
  const end = flags.endHeaders | flags.endStream;
  const first = head({ length: prime.length, type: frames.headers, flag: end });
  first.writeUInt32BE(1, 5);
  socket.write(
    Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      head({ length: settings.length, type: frames.settings, flag: 0 }),
      settings,
      windowUpdate(windowMax - windowAtFirst),
      first,
      prime,
    ]),
  );
}

/** Sends what the window of the connection allows; the rest waits for the server's leave. */
function sendHeld(state: State): void {
  for (let next = state.held[0]; next !== undefined; next = state.held[0]) {
    const { lane, request } = next;
    const dataAt = headBytes + request.readUIntBE(0, 3);
    const bodyBytes = request.length - dataAt - headBytes;
    if (bodyBytes > state.sendWindow) return;
    state.held.shift();
    state.sendWindow -= bodyBytes;
    const stream = state.nextStream;
    state.nextStream += 2;
    request.writeUInt32BE(stream, 5);
    request.writeUInt32BE(stream, dataAt + 5);
    const answer = answerOf(state, lane);
    answer.status = 0;
    answer.grpcStatus = undefined;
    answer.body = [];
    state.lanes.set(stream, lane);
    state.outgoing.push(request);
  }
}

function answerOf({ answers }: State, lane: number): Answer {
  const answer = answers[lane];
  if (answer === undefined) throw new Error(`There is no lane ${lane}.`);
  return answer;
}

/** One write for all that has gathered; the bytes of lanes are free again after it. */
function flush(state: State): void {
  if (state.outgoing.length === 0 || state.isClosing) return;
  state.socket.write(Buffer.concat(state.outgoing));
  state.outgoing.length = 0;
}

/** Reads whole frames; gives what is left. */
function readFrames(state: State, bytes: Buffer): Buffer {
  let at = 0;
  while (at + headBytes <= bytes.length) {
    const end = at + headBytes + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    readFrame(state, {
      type: bytes[at + 3] ?? 0,
      flag: bytes[at + 4] ?? 0,
      stream: bytes.readUInt32BE(at + 5) & windowMax,
      payload: bytes.subarray(at + headBytes, end),
    });
    at = end;
  }
  return bytes.subarray(at);
}

type Frame = {
  readonly type: number;
  readonly flag: number;
  readonly stream: number;
  readonly payload: Buffer;
};

function readFrame(state: State, frame: Frame): void {
  const { type, flag, stream, payload } = frame;
  if (type === frames.data || type === frames.headers) readAnswer(state, frame);
  else if (type === frames.windowUpdate && stream === 0) {
    state.sendWindow += payload.readUInt32BE(0);
    sendHeld(state);
  } else if (type === frames.reset) {
    const lane = state.lanes.get(stream);
    if (lane !== undefined) answerOf(state, lane).status = 0;
    finish(state, stream);
  } else if ((type === frames.settings || type === frames.ping) && (flag & flags.ack) === 0) {
    const echo = type === frames.ping ? payload : Buffer.alloc(0);
    state.outgoing.push(head({ length: echo.length, type, flag: flags.ack }), echo);
  } else if (type === frames.goAway || type === frames.continuation) {
    if (!state.isClosing) state.onBroken(new Error(`The server sent a frame of type ${type}.`));
  }
}

function readAnswer(state: State, { type, flag, stream, payload }: Frame): void {
  const lane = state.lanes.get(stream);
  if (type === frames.data) giveLeave(state, payload.length);
  if (lane !== undefined) {
    const answer = answerOf(state, lane);
    if (type === frames.headers) {
      if (answer.status === 0) answer.status = statusOf(payload);
      if (state.protocol.startsWith('grpc')) answer.grpcStatus ??= grpcStatusOf(payload);
    } else if (state.keepBodies || state.protocol === 'grpc-web' || answer.status !== 200) {
      answer.body.push(payload);
    }
  }
  if ((flag & flags.endStream) !== 0) finish(state, stream);
}

function finish(state: State, stream: number): void {
  const lane = state.lanes.get(stream);
  if (lane === undefined || !state.lanes.delete(stream)) return;
  state.onAnswer(lane, answerOf(state, lane));
}

function giveLeave(state: State, byteCount: number): void {
  state.received += byteCount;
  if (state.received < windowMax / 2) return;
  state.outgoing.push(windowUpdate(state.received));
  state.received = 0;
}

function windowUpdate(byteCount: number): Buffer {
  const update = Buffer.alloc(4);
  update.writeUInt32BE(byteCount);
  return Buffer.concat([head({ length: 4, type: frames.windowUpdate, flag: 0 }), update]);
}

function head(of: { readonly length: number; readonly type: number; readonly flag: number }) {
  const bytes = Buffer.alloc(headBytes);
  bytes.writeUIntBE(of.length, 0, 3);
  bytes[3] = of.type;
  bytes[4] = of.flag;
  return bytes;
}
