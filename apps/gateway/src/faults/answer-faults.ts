// Answers every fault in the words of the façade whose path was asked, whatever threw it.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@scrip/runtime';
import { newRequestId } from '@scrip/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatOne } from '../creem-commerce/errors.ts';
import type { Facade } from '../facade.ts';
import { decodedPathOf, ownerOf, pathOf } from '../facade.ts';
import { faultOf } from './fault-of.ts';
import type { Fault } from './fault.ts';
import { FaultError } from './fault.ts';

export type FaultTools = { readonly facades: readonly Facade[]; readonly clock: Clock };

type Asked = Pick<FastifyRequest, 'id' | 'url' | 'method' | 'log'>;

/** Gives the function that answers what was thrown. */
export function createFaultAnswerer({ facades, clock }: FaultTools) {
  return (thrown: unknown, request: Asked, reply: FastifyReply): FastifyReply => {
    const fault = faultOf(thrown);
    if (fault.reason === 'INTERNAL') {
      request.log.error({ err: thrown }, 'a request failed unexpectedly');
    }
    return answer(fault, request, reply);
  };

  function answer(fault: Fault, request: Asked, reply: FastifyReply): FastifyReply {
    const facade = ownerOf(facades, request.url);
    const { id: requestId, method } = request;
    const place = { requestId, atMs: clock.nowMs(), method, path: decodedPathOf(request.url) };
    const { status, body } = facade.presentFault(fault, place);
    if (fault.retryAfterMs !== undefined) {
      reply.header('retry-after-ms', String(Math.ceil(fault.retryAfterMs)));
      reply.header('retry-after', String(Math.ceil(fault.retryAfterMs / 1000)));
    }
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    reply.header('x-request-id', request.id);
    reply.type('application/json; charset=utf-8');
    return reply.code(status).serializer(JSON.stringify).send(body);
  }
}

/** The fault of a route or method that nobody serves. */
export function unknownRoute({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): FaultError {
  return new FaultError('ROUTE_UNKNOWN', `There is no ${method} ${pathOf(url)}.`);
}

/** Answers what is not HTTP at all, where there is no request to speak of. */
export function answerBrokenRequest(clock: Clock) {
  return (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (!socket.writable) return void socket.destroy();
    const [status, message] = answersByCode[error.code ?? ''] ?? [400, notHttp];
    const requestId = newRequestId();
    const facts = { message, requestId, atMs: clock.nowMs() };
    const body = JSON.stringify(formatOne(status, facts).body);
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `x-request-id: ${requestId}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  };
}

const notHttp = 'The request is not valid HTTP.';
const answersByCode: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
};
