// HTTP/2 as the fast path uses it: the stream itself, which costs less than a request and a
// response of Node's compatibility layer.
import type { ServerHttp2Stream } from 'node:http2';
import type { Handed } from '../server/request-handler.ts';
import type { Exchange } from './exchange.ts';

/** The exchange of a stream. */
export function h2Exchange(
  stream: ServerHttp2Stream,
  handOver: (handed: Handed) => void,
): Exchange {
  // A stream that is reset ends its call by closing.
  stream.on('error', () => undefined);
  return {
    source: stream,
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
    handOver,
  };
}
