// HTTP requests to RPCs, for HTTP/1.1 and HTTP/2 alike.
import type { ConnectRouter, ConnectRouterOptions } from '@connectrpc/connect';
import { Code, ConnectError, createConnectRouter, createContextValues } from '@connectrpc/connect';
import {
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import type { Log } from '@scrip/runtime';
import { hangUpKey } from '../call/call-facts.ts';
import { hangUp } from './hang-up.ts';
import type { Request, Response } from './exchange.ts';
import { judgeRoute, refuseUnroutable } from './unroutable.ts';
import { bodyOf, readRest } from './unread-body.ts';

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
    const unroutable = judgeRoute(request, handler);
    if (handler === undefined || unroutable !== undefined) {
      await readRest(request, response);
      if (unroutable !== undefined) refuseUnroutable(request, response, unroutable);
      return;
    }
    const values = createContextValues().set(hangUpKey, () => hangUp(response));
    // The last argument but one would be a body that is parsed already.
    const call = universalRequestFromNodeRequest(request, response, undefined, values);
    const result = await handler({ ...call, body: bodyOf(request) });
    await readRest(request, response);
    await universalResponseToNodeResponse(result, response);
  };
  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.debug({ err: error }, 'an answer could not be sent');
      if (ConnectError.from(error).code !== Code.Aborted) abandon(response);
    });
  };
}

// Only a request whose address makes no sense fails before its RPC answers.
function abandon(response: Response): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response.statusCode = 400;
  response.setHeader('content-type', 'application/json');
  const message = 'The host of the request is missing or malformed.';
  response.end(JSON.stringify({ code: 'invalid_argument', message }));
}
