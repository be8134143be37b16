// Which web pages may call: those of the origins that the operator allowed.
import { cors } from '@connectrpc/connect';
import type { Request, Response } from './exchange.ts';
import type { RequestHandler } from './request-handler.ts';

/** Whether pages of an origin, `scheme://host[:port]`, may call. */
export type IsAllowedOrigin = (origin: string) => boolean;

/** What our callers send and read beyond the headers of the protocols. */
const ownAllowedHeaders = ['Authorization', 'X-Api-Key', 'X-Request-Id'];
const ownExposedHeaders = ['Scrip-Request-Id', 'Scrip-Idempotent-Replay'];

const allowedHeaders = [...cors.allowedHeaders, ...ownAllowedHeaders].join(', ');
const exposedHeaders = [...cors.exposedHeaders, ...ownExposedHeaders].join(', ');
const allowedMethods = cors.allowedMethods.join(', ');
/** The longest that any browser keeps the answer to a preflight: two hours. */
const preflightAgeSeconds = 7200;

/**
 * Answers preflights, and marks the answers that pages of allowed origins may read. Others get no
 * such header. Credentials that browsers add by themselves, cookies say, are never asked for: who
 * calls is told by a header that the page sets, and so an origin alone opens nothing.
 */
export function withCors(handler: RequestHandler, isAllowed: IsAllowedOrigin): RequestHandler {
  return (request, response) => {
    const { origin } = request.headers;
    response.setHeader('vary', 'Origin');
    if (origin !== undefined && isAllowed(origin)) {
      response.setHeader('access-control-allow-origin', origin);
      if (isPreflight(request)) allowCall(response);
      else response.setHeader('access-control-expose-headers', exposedHeaders);
    }
    if (!isPreflight(request)) {
      handler(request, response);
      return;
    }
    request.resume();
    response.statusCode = 204;
    response.end();
  };
}

/** A browser asks before it calls; nobody else sends these two headers with OPTIONS. */
function isPreflight({ method, headers }: Request): boolean {
  const asks = headers.origin !== undefined && 'access-control-request-method' in headers;
  return method === 'OPTIONS' && asks;
}

function allowCall(response: Response): void {
  response.setHeader('access-control-allow-methods', allowedMethods);
  response.setHeader('access-control-allow-headers', allowedHeaders);
  response.setHeader('access-control-max-age', String(preflightAgeSeconds));
}
