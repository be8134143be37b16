// HTTP/1.1 as the fast path uses it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from '../server/request-handler.ts';
import type { Exchange } from './exchange.ts';
import { readBody } from './read-body.ts';
import { roomToWrite } from './room-to-write.ts';

/** The exchange of a request; whatever is handed over goes to the handler. */
export function h1Exchange(
  request: IncomingMessage,
  response: ServerResponse,
  handler: RequestHandler,
): Exchange {
  // A connection that breaks ends its call by closing.
  request.on('error', () => undefined);
  return {
    source: request,
    readBody: (bytesMax) => readBody(request, bytesMax),
    isGone: () => response.destroyed,
    onGone: (leave) => {
      if (response.destroyed) leave();
      else response.once('close', leave);
    },
    send: ({ status, headers, body }) => {
      if (response.destroyed) return;
      response.writeHead(status, headers);
      response.end(body);
    },
    begin: (headers) => {
      if (!response.destroyed) response.writeHead(200, headers);
      return {
        write: (bytes) => {
          if (response.destroyed || response.write(bytes)) return undefined;
          return roomToWrite(response);
        },
        end: ({ bytes }) => {
          if (!response.destroyed) response.end(bytes);
        },
      };
    },
    hangUp: () => response.destroy(),
    handOver: (handed) => handler(request, response, handed),
  };
}
