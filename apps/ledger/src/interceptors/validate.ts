// No malformed request gets past here.
import type { DescMessage, Message } from '@bufbuild/protobuf';
import { violationsToProto } from '@bufbuild/protovalidate';
import type { ConnectError, Interceptor } from '@connectrpc/connect';
import { serviceError } from '../errors/service-error.ts';
import type { JudgeForm, Malformed } from '../form/judge-form.ts';

/** Throws `FIELD_INVALID`, with the first field's path, for a message that breaks an annotation. */
export type JudgeRequest = (schema: DescMessage, message: Message) => void;

/** Makes what refuses requests by their form. */
export function createJudgeRequest(judgeForm: JudgeForm): JudgeRequest {
  return (schema, message) => {
    const malformed = judgeForm(schema, message);
    if (malformed !== undefined) throw malformedError(malformed);
  };
}

/** Has each request judged. */
export function createValidateInterceptor(judge: JudgeRequest): Interceptor {
  return (next) => async (request) => {
    const { input } = request.method;
    if (request.stream) {
      const judged = judgeEach(request.message, (message) => judge(input, message));
      return next({ ...request, message: judged });
    }
    judge(input, request.message);
    return next(request);
  };
}

// The messages of a stream are judged as they come: most streams of requests have one.
async function* judgeEach<Each extends Message>(
  messages: AsyncIterable<Each>,
  judge: (message: Each) => void,
): AsyncIterable<Each> {
  for await (const message of messages) {
    judge(message);
    yield message;
  }
}

function malformedError({ refusal, violations }: Malformed): ConnectError {
  const error = serviceError(refusal.reason, refusal);
  const [value, desc] = violationsToProto([...violations]);
  error.details.push({ desc, value });
  return error;
}
