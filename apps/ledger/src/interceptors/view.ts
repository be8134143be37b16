// What passes between the ledger and the bearer of an access token.
import type { Interceptor } from '@connectrpc/connect';
import { viewerOf } from '../call/call-facts.ts';
import { refuseSequences } from '../view/refuse-sequences.ts';
import { showToViewer } from '../view/shown-fields.ts';

/** Keeps sequences out of what viewers ask, and shows them no more of an answer than is theirs. */
export function createViewInterceptor(): Interceptor {
  return (next) => async (request) => {
    const { contextValues: values, method } = request;
    // Streams show each event in a way of their own.
    if (viewerOf(values) === undefined || request.stream) return next(request);
    refuseSequences(method.input, request.message);
    const response = await next(request);
    if (response.stream) return response;
    return { ...response, message: showToViewer(method.output, response.message) };
  };
}
