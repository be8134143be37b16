// Sends requests as they are told, for tests, and tells all of the answer that matters.
import { request as requestH1 } from 'node:http';
import { connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

export type RawRequest = {
  readonly version: 'h1' | 'h2';
  readonly method?: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  /** Sent piece by piece. */
  readonly body: readonly Uint8Array[];
  /** What is done when the body was sent: end it, leave it open, reset the stream. */
  readonly ending?: 'end' | 'open' | 'reset';
  /** Ends the connection when this is resolved. */
  readonly goesWhen?: { readonly promise: Promise<void> };
};

export type RawAnswer = {
  readonly status: number | undefined;
  /** All but the date. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly trailers: Readonly<Record<string, unknown>>;
  /** The code that the stream was reset with, or of the connection's error. */
  readonly broken?: string | number;
};

/** What a stream is reset with by a caller who wants its answer no more: 8 in HTTP/2. */
const resetCode = 8;
/** How long an answer is waited for: those that never come are compared as well. */
const patienceMs = 3000;

/** Sends one request on a connection of its own. */
export function callRaw(baseUrl: string, request: RawRequest): Promise<RawAnswer> {
  if (request.version === 'h1') return callH1(baseUrl, request);
  return request.ending === 'reset' ? resetH2(baseUrl, request) : callH2(baseUrl, request);
}

// A client of Node ends a stream before it resets it. Others do not: these frames are made by hand.
async function resetH2(baseUrl: string, raw: RawRequest): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(baseUrl);
  const { method = 'POST', path, headers, body } = raw;
  const pseudo = { ':method': method, ':scheme': 'http', ':path': path, ':authority': host };
  const head = Object.entries({ ...pseudo, ...headers }).map(([name, value]) =>
    Buffer.concat([Buffer.of(0), texted(name), texted(String(value))]),
  );
  const socket = connectTcp(Number(port), hostname);
  const seen = Promise.withResolvers<void>();
  socket.on('error', () => undefined).on('close', () => seen.resolve());
  socket.on('data', (chunk: Buffer) => {
    if (chunk.includes(pinged)) seen.resolve();
  });
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  socket.write(h2Frame('settings', { stream: 0, flags: 0 }, Buffer.alloc(0)));
  socket.write(h2Frame('headers', { stream: 1, flags: 4 }, Buffer.concat(head)));
  for (const piece of body) socket.write(h2Frame('data', { stream: 1, flags: 0 }, piece));
  socket.write(h2Frame('ping', { stream: 0, flags: 0 }, pinged));
  await seen.promise;
  socket.end(h2Frame('reset', { stream: 1, flags: 0 }, Buffer.of(0, 0, 0, resetCode)));
  await once(socket, 'close');
  return { status: undefined, headers: {}, body: '', trailers: {}, broken: 'reset' };
}

/** What a ping carries: its answer carries it back when all before it has been seen. */
const pinged = Buffer.from('are you?');
const h2FrameTypes = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6 } as const;

function h2Frame(
  type: keyof typeof h2FrameTypes,
  { stream, flags }: { readonly stream: number; readonly flags: number },
  payload: Uint8Array,
): Buffer {
  const prefix = Buffer.alloc(9);
  prefix.writeUIntBE(payload.byteLength, 0, 3);
  prefix.writeUInt8(h2FrameTypes[type], 3);
  prefix.writeUInt8(flags, 4);
  prefix.writeUInt32BE(stream, 5);
  return Buffer.concat([prefix, payload]);
}

/** A text of at most 126 bytes, as header compression writes one that it does not compress. */
function texted(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
}

function callH1(baseUrl: string, raw: RawRequest): Promise<RawAnswer> {
  const { method = 'POST', path, headers, body, ending = 'end' } = raw;
  return new Promise((resolve) => {
    const sent = requestH1(baseUrl + path, { method, headers, agent: false });
    sent.setTimeout(patienceMs, () => sent.destroy(new Error('no answer')));
    sent.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ status: undefined, headers: {}, body: '', trailers: {}, broken: error.code ?? '' });
    });
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => undefined);
      response.on('close', () => {
        const { statusCode: status, trailers } = response;
        resolve({ status, ...plain(response.headers, chunks), trailers });
        sent.destroy();
      });
    });
    for (const piece of body) sent.write(piece);
    if (ending === 'end') sent.end();
    void raw.goesWhen?.promise.then(() => sent.destroy());
    // When what was written before has been handed to the connection.
    if (ending === 'reset') sent.write('', () => sent.destroy());
  });
}

function callH2(baseUrl: string, raw: RawRequest): Promise<RawAnswer> {
  const { method = 'POST', path, headers, body, ending = 'end' } = raw;
  return new Promise((resolve) => {
    const session = connect(baseUrl);
    session.on('error', () => undefined);
    const stream = session.request(
      { ':method': method, ':path': path, ...headers },
      { endStream: false },
    );
    let head: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => stream.close(resetCode), patienceMs);
    stream.on('response', (told) => {
      head = told;
    });
    stream.on('trailers', (told: IncomingHttpHeaders) => {
      trailers = told;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => undefined);
    stream.on('close', () => {
      clearTimeout(timer);
      session.destroy();
      const status = head[':status'] === undefined ? undefined : Number(head[':status']);
      const broken = stream.rstCode === 0 ? {} : { broken: stream.rstCode };
      resolve({ status, ...plain(head, chunks), trailers: { ...trailers }, ...broken });
    });
    for (const piece of body) stream.write(piece);
    if (ending === 'end') stream.end();
    void raw.goesWhen?.promise.then(() => session.destroy());
  });
}

function plain(headers: IncomingHttpHeaders, chunks: readonly Buffer[]) {
  const { date: _date, ...others } = headers;
  return { headers: { ...others }, body: Buffer.concat(chunks).toString('base64') };
}
