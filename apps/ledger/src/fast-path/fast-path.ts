// The fast path: plain calls, streams among them, are answered here, and all else by the router.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Handed, RequestHandler } from '../server/request-handler.ts';
import { createAdmit, type AdmitOptions } from './admit.ts';
import { createAnswerCall, type AnswerCallOptions } from './answer-call.ts';
import { h1Exchange } from './h1-exchange.ts';
import { h2Exchange } from './h2-exchange.ts';

export type FastPathOptions = AdmitOptions & AnswerCallOptions;

/** Takes the requests that it answers. Those that it leaves were not touched. */
export type FastPath = {
  /** A request of HTTP/1.1. If it turns out not to be plain, the handler gets it after all. */
  readonly takeRequest: (
    request: IncomingMessage,
    response: ServerResponse,
    handler: RequestHandler,
  ) => boolean;
  /** A stream of HTTP/2. If it turns out not to be plain, it is handed over after all. */
  readonly takeStream: (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    handOver: (handed: Handed) => void,
  ) => boolean;
};

/** Makes the fast path in front of the router. */
export function createFastPath(options: FastPathOptions): FastPath {
  const admit = createAdmit(options);
  const { afterTurn } = options;
  const answerCall = createAnswerCall(options);
  return {
    takeRequest: (request, response, handler) => {
      const { method, url: path, headers, httpVersion } = request;
      const admission = admit({ method, path, authority: headers.host, headers });
      // gRPC needs trailers, and with them HTTP/2.
      if (admission?.dialect.protocolName === 'grpc' || httpVersion !== '1.1') return false;
      if (admission === undefined) return false;
      answerCall(h1Exchange(request, response, handler), admission);
      return true;
    },
    takeStream: (stream, headers, handOver) => {
      const { ':method': method, ':path': path, ':authority': authority } = headers;
      const admission = admit({ method, path, authority, headers });
      if (admission === undefined) return false;
      const { 'content-length': contentLength } = headers;
      // A stream is read in the common way: its end comes long before its last answer.
      const early = admission.kind === 'unary' ? { afterTurn, contentLength } : undefined;
      answerCall(h2Exchange(stream, { handOver, early }), admission);
      return true;
    },
  };
}
