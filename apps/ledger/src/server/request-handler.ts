// HTTP requests to RPCs, for HTTP/1.1 and HTTP/2 alike.
import type { ConnectRouter, ConnectRouterOptions, ContextValues } from '@connectrpc/connect';
import { Code, ConnectError, createConnectRouter, createContextValues } from '@connectrpc/connect';
import {
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import type { Log } from '@scrip/runtime';
import { hangUpKey } from '../call/call-facts.ts';
import { hangUp } from './hang-up.ts';
import type { Request, Response } from './exchange.ts';
import { boundTimeLimit } from './time-limit.ts';
import { judgeRoute, refuseUnroutable } from './unroutable.ts';
import { bodyOf, readRestOf, type ReadBefore } from './unread-body.ts';

/** What was found out about a request before it was handed on. */
export type Handed = {
  /** Who calls, if that was asked already. */
  readonly values: ContextValues;
  /** What was read of the body already. */
  readonly readBefore?: ReadBefore;
};

export type RequestHandler = (request: Request, response: Response, handed?: Handed) => void;

/** Serves the routes. Never throws: a request that makes no sense is answered as such. */
export function createRequestHandler(
  routes: (router: ConnectRouter) => void,
  options: ConnectRouterOptions,
  log: Log,
): RequestHandler {
  const router = createConnectRouter(options);
  routes(router);
  const handlersByPath = new Map(router.handlers.map((each) => [each.requestPath, each]));
  const answer = async (request: Request, response: Response, handed?: Handed): Promise<void> => {
    const handler = handlersByPath.get(request.url?.split('?', 1)[0] ?? '');
    const unroutable = judgeRoute(request, handler);
    if (handler === undefined || unroutable !== undefined) {
      await readRestOf(request, response);
      if (unroutable !== undefined) refuseUnroutable(request, response, unroutable);
      return;
    }
    const values = handed?.values ?? createContextValues();
    values.set(hangUpKey, () => hangUp(response));
    // The last argument but one would be a body that is parsed already.
    const call = universalRequestFromNodeRequest(request, response, undefined, values);
    boundTimeLimit(call.header);
    const result = await handler({ ...call, body: bodyOf(request, handed?.readBefore) });
    await readRestOf(request, response);
    await universalResponseToNodeResponse(result, response);
  };
  return (request, response, handed) => {
    answer(request, response, handed).catch((error: unknown) => {
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
