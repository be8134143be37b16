// Watchers in a process of their own: many gRPC streams on a few connections over bare HTTP/2. What
// they are told is counted, not decoded, since that would cost more than the server's sending.
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';

/** One stream: the call, and its request as bytes, in base64. */
export type StreamRequest = { readonly call: string; readonly request: string };

export type WatchMessage =
  | {
      readonly kind: 'open';
      readonly url: string;
      readonly apiKey: string;
      readonly streams: readonly StreamRequest[];
      readonly streamsPerConnection: number;
    }
  | { readonly kind: 'count' | 'close' };

/** What the streams were told so far. */
export type WatchCount = { readonly events: number; readonly openCount: number };

let sessions: ClientHttp2Session[] = [];
let events = 0;
let openCount = 0;

process.once('disconnect', () => process.exit(0));
process.on('message', (message: WatchMessage) => {
  act(message).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});

async function act(message: WatchMessage): Promise<WatchCount> {
  if (message.kind === 'open') await openAll(message);
  if (message.kind === 'close') {
    await Promise.all(sessions.map(destroy));
    sessions = [];
  }
  return { events, openCount };
}

function destroy(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve) => {
    session.once('close', () => resolve());
    session.destroy();
  });
}

async function openAll(message: Extract<WatchMessage, { kind: 'open' }>): Promise<void> {
  const { url, apiKey, streams, streamsPerConnection } = message;
  for (let i = 0; i < streams.length; i += streamsPerConnection) {
    const session = connect(url);
    session.on('error', () => undefined);
    sessions.push(session);
    const some = streams.slice(i, i + streamsPerConnection);
    await Promise.all(some.map((stream) => open(session, apiKey, stream)));
  }
}

/** Resolves with the first bytes of the answer. */
function open(session: ClientHttp2Session, apiKey: string, { call, request }: StreamRequest) {
  const stream = session.request({
    ':method': 'POST',
    ':path': `/scrip.ledger.v1.LedgerService/${call}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    'x-api-key': apiKey,
  });
  const body = Buffer.from(request, 'base64');
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  stream.end(Buffer.concat([prefix, body]));
  openCount++;
  return new Promise<void>((resolve, reject) => {
    stream.once('data', () => resolve());
    stream.once('close', () => {
      openCount--;
      reject(new Error('A stream ended.'));
    });
    stream.on('error', () => undefined);
    countEvents(stream);
  });
}

function countEvents(stream: ClientHttp2Stream): void {
  let unread: Buffer = Buffer.alloc(0);
  stream.on('data', (piece: Buffer) => {
    unread = unread.length === 0 ? piece : Buffer.concat([unread, piece]);
    while (unread.length >= 5) {
      const end = 5 + unread.readUInt32BE(1);
      if (unread.length < end) break;
      events += eventsIn(unread.subarray(5, end));
      unread = unread.subarray(end);
    }
  });
}

/** Events of a WatchHistoryResponse: fields 1 of its field 2. */
function eventsIn(message: Buffer): number {
  if (message[0] !== 0x12) return 0;
  let count = 0;
  let { at } = varintAt(message, 1);
  while (at < message.length) {
    const isEvent = message[at] === 0x0a;
    const length = varintAt(message, at + 1);
    if (isEvent) count++;
    at = length.at + length.value;
  }
  return count;
}

function varintAt(bytes: Buffer, start: number): { readonly value: number; readonly at: number } {
  let value = 0;
  for (let at = start, shift = 0; ; at++, shift += 7) {
    const byte = bytes[at] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, at: at + 1 };
  }
}
