// Is the message well-formed? The annotations in the contract say so.
import type { DescMessage, Message } from '@bufbuild/protobuf';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { createValidator, violationsToProto, type Violation } from '@bufbuild/protovalidate';
import type { ConnectError, Interceptor } from '@connectrpc/connect';
import { serviceError } from '../errors/service-error.ts';

/** Refuses requests that break an annotation: `FIELD_INVALID` with the first field's path. */
export function createValidateInterceptor(): Interceptor {
  const validator = createValidator();
  const check = (schema: DescMessage, message: Message): void => {
    const result = validator.validate(schema, message);
    if (result.kind === 'error') throw result.error;
    if (result.kind === 'invalid') throw violationError(result.violations);
  };
  return (next) => async (request) => {
    if (!request.stream) check(request.method.input, request.message);
    return next(request);
  };
}

function violationError(violations: readonly Violation[]): ConnectError {
  const [first] = violations;
  const field = first === undefined ? '' : pathToString(first.field);
  const message = violations
    .map((each) => `${pathToString(each.field)} ${each.message}`)
    .join('; ');
  const error = serviceError('FIELD_INVALID', { message: `${message}.`, metadata: { field } });
  const [value, desc] = violationsToProto([...violations]);
  error.details.push({ desc, value });
  return error;
}
