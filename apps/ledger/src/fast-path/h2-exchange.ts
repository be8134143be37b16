// HTTP/2 as the fast path uses it: the stream itself, which costs less than a request and a
// response of Node's compatibility layer.
import type { OutgoingHttpHeaders } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { resetStream } from '../server/hang-up.ts';
import type { Handed } from '../server/request-handler.ts';
import type { Exchange, PartialAnswer } from './exchange.ts';
import { roomToWrite } from './room-to-write.ts';

/** The exchange of a stream. */
export function h2Exchange(
  stream: ServerHttp2Stream,
  handOver: (handed: Handed) => void,
): Exchange {
  // A stream that is reset ends its call by closing.
  stream.on('error', () => undefined);
  return {
    source: stream,
    isGone: () => stream.destroyed || stream.closed,
    onGone: (leave) => {
      if (stream.destroyed) leave();
      else stream.once('close', leave);
    },
    send: ({ status, headers, body, trailers }) => {
      if (stream.destroyed || stream.closed) return;
      headers[':status'] = status;
      if (trailers === undefined) {
        stream.respond(headers);
      } else {
        stream.once('wantTrailers', () => stream.sendTrailers(trailers));
        stream.respond(headers, { waitForTrailers: true });
      }
      stream.end(body);
    },
    begin: (headers, hasTrailers) => begin(stream, headers, hasTrailers),
    hangUp: () => resetStream(stream),
    handOver,
  };
}

function begin(
  stream: ServerHttp2Stream,
  headers: OutgoingHttpHeaders,
  hasTrailers: boolean,
): PartialAnswer {
  const isOver = (): boolean => stream.destroyed || stream.closed;
  let trailers: OutgoingHttpHeaders = {};
  if (!isOver()) {
    headers[':status'] = 200;
    // Asked for when the body has ended.
    if (hasTrailers) stream.once('wantTrailers', () => stream.sendTrailers(trailers));
    stream.respond(headers, { waitForTrailers: hasTrailers });
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
