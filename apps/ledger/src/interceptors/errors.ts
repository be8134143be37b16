// Whatever goes wrong below becomes an error of the contract here. A bug is logged whole and shown
// as nothing.
import type { ConnectError, Interceptor, StreamRequest, UnaryRequest } from '@connectrpc/connect';
import type { Log } from '@scrip/runtime';
import { callEndKey, requestIdKey, viewerOf } from '../call/call-facts.ts';
import { hideSequences } from '../errors/for-viewer.ts';
import { reasonToEnd } from '../errors/reason-to-end.ts';
import { toConnectError } from '../errors/to-connect-error.ts';
import { endOf } from './access-log.ts';

/** Makes the error to send of what was thrown, and notes how the call ended. */
type EndWith = (thrown: unknown) => ConnectError;

/** Turns everything thrown into an error of the contract, and notes how the call ended. */
export function createErrorsInterceptor(log: Log): Interceptor {
  return (next) => async (request) => {
    const { contextValues: values } = request;
    const endWith = createEndWith(log, request);
    try {
      const response = await next(request);
      if (response.stream) {
        const noteEnd = (): void => void values.set(callEndKey, { code: 'ok' });
        return { ...response, message: watchMessages(response.message, endWith, noteEnd) };
      }
      values.set(callEndKey, { code: 'ok' });
      return response;
    } catch (thrown) {
      throw endWith(thrown);
    }
  };
}

function createEndWith(
  log: Log,
  { contextValues: values, method, stream, signal }: UnaryRequest | StreamRequest,
): EndWith {
  return (thrown) => {
    // What a stream met after its end was asked for is not why it ended.
    const isEnded = stream && signal.aborted;
    const { error, isBug } = toConnectError(isEnded ? reasonToEnd(signal.reason) : thrown);
    const request_id = values.get(requestIdKey);
    if (isBug) log.error({ request_id, method: method.name, err: thrown }, 'a bug');
    values.set(callEndKey, endOf(error));
    return viewerOf(values) === undefined ? error : hideSequences(error);
  };
}

// A stream ends when its messages do: well after the call was let in. One whose caller has gone is
// not read to its end and has none of these.
async function* watchMessages<Message>(
  messages: AsyncIterable<Message>,
  endWith: EndWith,
  noteEnd: () => void,
): AsyncIterable<Message> {
  try {
    yield* messages;
    noteEnd();
  } catch (thrown) {
    throw endWith(thrown);
  }
}
