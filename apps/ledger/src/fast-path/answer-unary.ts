// Answers a call at once.
import type { UnaryAdmission } from './admit.ts';
import type { Exchange } from './exchange.ts';
import { FastCall } from './fast-call.ts';
import { headersOf, type HeaderOptions } from './headers-of.ts';
import type { OpenCalls } from './open-calls.ts';
import type { ReceivedCall } from './receive-call.ts';

export type AnswerUnaryOptions = HeaderOptions & { readonly openCalls: OpenCalls };

type Answering = {
  readonly exchange: Pick<Exchange, 'onGone' | 'send'>;
  readonly admission: UnaryAdmission;
  readonly received: ReceivedCall;
};

/** Has a call handled, and sends what became of it. */
export function answerUnary(options: AnswerUnaryOptions, answering: Answering): Promise<void> {
  const { exchange, admission, received } = answering;
  const open = options.openCalls.open(exchange, received.timeoutMs());
  const call = new FastCall(admission, received, open);
  return admission.route.handle(call).then((outcome) => {
    open.close();
    received.end(outcome.kind === 'error' ? outcome.error : undefined);
    const { compression, dialect } = admission;
    const headers = headersOf(options, call, admission.headers.origin);
    const answer = dialect.present({ outcome, headers, compression });
    if (answer instanceof Promise) return answer.then((late) => exchange.send(late));
    exchange.send(answer);
    return undefined;
  });
}
