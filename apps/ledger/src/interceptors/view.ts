// What passes between the ledger and the bearer of an access token.
import type { DescMethod, Message } from '@bufbuild/protobuf';
import type { ContextValues, Interceptor } from '@connectrpc/connect';
import { viewerOf } from '../call/call-facts.ts';
import { refuseSequences } from '../view/refuse-sequences.ts';
import { showToViewer } from '../view/shown-fields.ts';

/** Refuses what the bearer of an access token may not ask. */
export function refuseToViewer(values: ContextValues, { input }: DescMethod, asked: Message): void {
  if (viewerOf(values) !== undefined) refuseSequences(input, asked);
}

/** An answer as its caller is shown it. */
export function showTo(values: ContextValues, { output }: DescMethod, answer: Message): Message {
  return viewerOf(values) === undefined ? answer : showToViewer(output, answer);
}

/** Keeps sequences out of what viewers ask, and shows them no more of an answer than is theirs. */
export function createViewInterceptor(): Interceptor {
  return (next) => async (request) => {
    const { contextValues: values, method } = request;
    // Streams show each event in a way of their own.
    if (viewerOf(values) === undefined || request.stream) return next(request);
    refuseToViewer(values, method, request.message);
    const response = await next(request);
    if (response.stream) return response;
    return { ...response, message: showTo(values, method, response.message) };
  };
}
