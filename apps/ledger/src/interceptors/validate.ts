// No malformed request gets past here.
import { violationsToProto } from '@bufbuild/protovalidate';
import type { ConnectError, Interceptor } from '@connectrpc/connect';
import { serviceError } from '../errors/service-error.ts';
import type { JudgeForm, Malformed } from '../form/judge-form.ts';

/** Refuses requests that break an annotation: `FIELD_INVALID` with the first field's path. */
export function createValidateInterceptor(judgeForm: JudgeForm): Interceptor {
  return (next) => async (request) => {
    const malformed = request.stream ? undefined : judgeForm(request.method.input, request.message);
    if (malformed !== undefined) throw malformedError(malformed);
    return next(request);
  };
}

function malformedError({ refusal, violations }: Malformed): ConnectError {
  const error = serviceError(refusal.reason, refusal);
  const [value, desc] = violationsToProto([...violations]);
  error.details.push({ desc, value });
  return error;
}
