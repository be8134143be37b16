// Whatever goes wrong below becomes an error of the contract here. A bug is logged whole and shown
// as nothing.
import type { Interceptor } from '@connectrpc/connect';
import type { Log } from '@scrip/runtime';
import { callEndKey, requestIdKey } from '../call/call-facts.ts';
import { toConnectError } from '../errors/to-connect-error.ts';
import { endOf } from './access-log.ts';

/** Turns everything thrown into an error of the contract, and notes how the call ended. */
export function createErrorsInterceptor(log: Log): Interceptor {
  return (next) => async (request) => {
    const { contextValues: values } = request;
    try {
      const response = await next(request);
      values.set(callEndKey, { code: 'ok' });
      return response;
    } catch (thrown) {
      const { error, isBug } = toConnectError(thrown);
      const request_id = values.get(requestIdKey);
      if (isBug) log.error({ request_id, method: request.method.name, err: thrown }, 'a bug');
      values.set(callEndKey, endOf(error));
      throw error;
    }
  };
}
