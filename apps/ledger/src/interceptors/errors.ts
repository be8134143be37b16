// Whatever goes wrong below becomes an error of the contract here. A bug is logged whole and shown
// as nothing.
import type { DescMethod } from '@bufbuild/protobuf';
import type { ConnectError, ContextValues, Interceptor } from '@connectrpc/connect';
import type { Log } from '@scrip/runtime';
import { callEndKey, requestIdKey, viewerOf } from '../call/call-facts.ts';
import { hideSequences } from '../errors/for-viewer.ts';
import { reasonToEnd } from '../errors/reason-to-end.ts';
import { toConnectError } from '../errors/to-connect-error.ts';
import { endOf } from './access-log.ts';

/** A call as those who end it see it. */
export type EndingCall = {
  readonly contextValues: ContextValues;
  readonly method: DescMethod;
  readonly stream: boolean;
  readonly signal: AbortSignal;
};

/** Makes the error to send of what was thrown, and notes how the call ended. */
export type EndWith = (call: EndingCall, thrown: unknown) => ConnectError;

/** Turns everything thrown into an error of the contract, and notes how the call ended. */
export function createErrorsInterceptor(log: Log): Interceptor {
  const endWith = createEndWith(log);
  return (next) => async (request) => {
    try {
      const response = await next(request);
      if (response.stream) {
        return { ...response, message: watchMessages(response.message, request, endWith) };
      }
      noteSuccess(request);
      return response;
    } catch (thrown) {
      throw endWith(request, thrown);
    }
  };
}

/** Notes that a call ended well. */
export function noteSuccess({ contextValues: values }: EndingCall): void {
  values.set(callEndKey, success);
}

const success = { code: 'ok' } as const;

/** Makes what ends calls with errors. */
export function createEndWith(log: Log): EndWith {
  return (call, thrown) => {
    const { contextValues: values, method } = call;
    // What a stream met after its end was asked for is not why it ended.
    const isEnded = call.stream && call.signal.aborted;
    const { error, isBug } = toConnectError(isEnded ? reasonToEnd(call.signal.reason) : thrown);
    const request_id = values.get(requestIdKey);
    if (isBug) log.error({ request_id, method: method.name, err: thrown }, 'a bug');
    values.set(callEndKey, endOf(error));
    return viewerOf(values) === undefined ? error : hideSequences(error);
  };
}

/**
 * A stream ends when its messages do: well after the call was let in. One whose caller has gone is
 * not read to its end and has no end noted.
 */
export async function* watchMessages<Message>(
  messages: AsyncIterable<Message>,
  call: EndingCall,
  endWith: EndWith,
): AsyncIterable<Message> {
  try {
    yield* messages;
    noteSuccess(call);
  } catch (thrown) {
    throw endWith(call, thrown);
  }
}
