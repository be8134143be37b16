// HTTP requests to RPCs, for HTTP/1.1 and HTTP/2 alike.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { ConnectRouter, ConnectRouterOptions } from '@connectrpc/connect';
import { Code, ConnectError, createConnectRouter } from '@connectrpc/connect';
import {
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import type { Log } from '@scrip/runtime';
import { refuseUnroutable } from './refuse-unroutable.ts';

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;
export type RequestHandler = (request: Request, response: Response) => void;

/** Serves the routes. Never throws: a request that makes no sense is answered as such. */
export function createRequestHandler(
  routes: (router: ConnectRouter) => void,
  options: ConnectRouterOptions,
  log: Log,
): RequestHandler {
  const router = createConnectRouter(options);
  routes(router);
  const handlersByPath = new Map(router.handlers.map((each) => [each.requestPath, each]));
  const answer = async (request: Request, response: Response): Promise<void> => {
    const handler = handlersByPath.get(request.url?.split('?', 1)[0] ?? '');
    if (refuseUnroutable(request, response, handler) || handler === undefined) return;
    // The last argument but one would be a body that is parsed already.
    const call = universalRequestFromNodeRequest(request, response, undefined, undefined);
    await universalResponseToNodeResponse(await handler(call), response);
  };
  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.debug({ err: error }, 'an answer could not be sent');
      if (ConnectError.from(error).code !== Code.Aborted) abandon(response);
    });
  };
}

function abandon(response: Response): void {
  if (!response.headersSent) response.statusCode = 400;
  response.end();
}
