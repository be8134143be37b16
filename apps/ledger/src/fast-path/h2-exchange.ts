// HTTP/2 as the fast path uses it: the stream itself, which costs less than a request and a
// response of Node's compatibility layer.
import type { OutgoingHttpHeaders } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { resetStream } from '../server/hang-up.ts';
import type { Handed } from '../server/request-handler.ts';
import type { Answer } from './answer.ts';
import type { Exchange, PartialAnswer } from './exchange.ts';
import { readBody, type Body } from './read-body.ts';
import { readStreamBody, type ReadStreamOptions } from './read-stream-body.ts';
import { roomToWrite } from './room-to-write.ts';

export type H2Options = {
  readonly handOver: (handed: Handed) => void;
  /** Given where the body is taken as soon as it is there, if it comes with its headers. */
  readonly early?: Omit<ReadStreamOptions, 'bytesMax'> | undefined;
};

/** The exchange of a stream. */
export function h2Exchange(stream: ServerHttp2Stream, options: H2Options): Exchange {
  // A stream that is reset ends its call by closing.
  stream.on('error', ignore);
  return new H2Exchange(stream, options);
}

const ignore = (): void => undefined;

class H2Exchange implements Exchange {
  readonly source: ServerHttp2Stream;
  readonly handOver: (handed: Handed) => void;
  readonly #early: H2Options['early'];

  constructor(stream: ServerHttp2Stream, { handOver, early }: H2Options) {
    this.source = stream;
    this.handOver = handOver;
    this.#early = early;
  }

  readBody(bytesMax: number): Promise<Body> {
    if (this.#early === undefined) return readBody(this.source, bytesMax);
    return readStreamBody(this.source, { ...this.#early, bytesMax });
  }

  isGone(): boolean {
    return this.source.destroyed || this.source.closed;
  }

  onGone(leave: () => void): void {
    if (this.source.destroyed) leave();
    else this.source.once('close', leave);
  }

  send({ status, headers, body, trailers }: Answer): void {
    if (this.isGone()) return;
    const stream = this.source;
    const list = listOf(status, headers);
    if (trailers === undefined) {
      stream.respond(list);
    } else {
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      stream.respond(list, { waitForTrailers: true });
    }
    stream.end(body);
  }

  begin(headers: OutgoingHttpHeaders, hasTrailers: boolean): PartialAnswer {
    return begin(this.source, headers, hasTrailers);
  }

  hangUp(): void {
    resetStream(this.source);
  }
}

function begin(
  stream: ServerHttp2Stream,
  headers: OutgoingHttpHeaders,
  hasTrailers: boolean,
): PartialAnswer {
  const isOver = (): boolean => stream.destroyed || stream.closed;
  let trailers: OutgoingHttpHeaders = {};
  if (!isOver()) {
    // Asked for when the body has ended.
    if (hasTrailers) stream.once('wantTrailers', () => stream.sendTrailers(trailers));
    stream.respond(listOf(200, headers), { waitForTrailers: hasTrailers });
  }
  return {
    write: (bytes) => {
      if (isOver() || stream.write(bytes)) return undefined;
      return roomToWrite(stream);
    },
    end: (end) => {
      trailers = end.trailers ?? {};
      if (!isOver()) stream.end(end.bytes);
    },
  };
}

/** Names and values in turn: of an object Node would make another, at several times the cost. */
function listOf(status: number, headers: OutgoingHttpHeaders): string[] {
  const list = [':status', String(status)];
  for (const [name, value] of Object.entries(headers)) {
    if (Array.isArray(value)) for (const each of value) list.push(name, each);
    else if (value !== undefined) list.push(name, String(value));
  }
  return list;
}
