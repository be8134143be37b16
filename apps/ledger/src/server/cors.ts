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
const ofStrangers = { vary: 'Origin' } as const;
const allowedMethods = cors.allowedMethods.join(', ');
/** The longest that any browser keeps the answer to a preflight: two hours. */
const preflightAgeSeconds = 7200;

/**
 * Answers preflights, and marks the answers that pages of allowed origins may read. Others get no
 * such header. Credentials that browsers add by themselves, cookies say, are never asked for: who
 * calls is told by a header that the page sets, and so an origin alone opens nothing.
 */
export function withCors(handler: RequestHandler, isAllowed: IsAllowedOrigin): RequestHandler {
  return (request, response, handed) => {
    const { origin } = request.headers;
    if (!isPreflight(request)) {
      for (const [name, value] of Object.entries(answerHeadersOf(origin, isAllowed))) {
        response.setHeader(name, value);
      }
      handler(request, response, handed);
      return;
    }
    response.setHeader('vary', 'Origin');
    if (origin !== undefined && isAllowed(origin)) {
      response.setHeader('access-control-allow-origin', origin);
      allowCall(response);
    }
    request.resume();
    response.statusCode = 204;
    response.end();
  };
}

/** What the answer to a call says to the browser of a page of this origin, if any. */
export function answerHeadersOf(
  origin: string | undefined,
  isAllowed: IsAllowedOrigin,
): Readonly<Record<string, string>> {
  if (origin === undefined || !isAllowed(origin)) return ofStrangers;
  return {
    ...ofStrangers,
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposedHeaders,
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
