// Sends requests as they are told, for tests, and tells all of the answer that matters.
import { request as requestH1 } from 'node:http';
import { connect, constants } from 'node:http2';
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

/** How long an answer is waited for: those that never come are compared as well. */
const patienceMs = 3000;

/** Sends one request on a connection of its own. */
export function callRaw(baseUrl: string, request: RawRequest): Promise<RawAnswer> {
  return request.version === 'h1' ? callH1(baseUrl, request) : callH2(baseUrl, request);
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
    const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), patienceMs);
    stream.on('response', (told) => (head = told));
    stream.on('trailers', (told) => (trailers = told));
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
    if (ending === 'reset') stream.write('', () => stream.close(constants.NGHTTP2_CANCEL));
  });
}

function plain(headers: IncomingHttpHeaders, chunks: readonly Buffer[]) {
  const { date: _date, ...others } = headers;
  return { headers: { ...others }, body: Buffer.concat(chunks).toString('base64') };
}
