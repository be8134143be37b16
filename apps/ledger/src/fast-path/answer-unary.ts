// Answers a call at once.
import type { EndOfCall } from '../call/watch-call.ts';
import type { AfterTurn } from './after-turn.ts';
import type { UnaryAdmission } from './admit.ts';
import type { Answer, Outcome } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { FastCall } from './fast-call.ts';
import { headersOf, type HeaderOptions } from './headers-of.ts';
import type { OpenCalls } from './open-calls.ts';
import type { ReceivedCall } from './receive-call.ts';

export type EndOptions = HeaderOptions & { readonly afterTurn: AfterTurn };
export type AnswerUnaryOptions = EndOptions & { readonly openCalls: OpenCalls };

type Answering = {
  readonly exchange: Exchange;
  readonly admission: UnaryAdmission;
  readonly received: ReceivedCall;
};

/** Has a call handled, and sends what became of it. */
export function answerUnary(options: AnswerUnaryOptions, answering: Answering): Promise<void> {
  const { exchange, admission, received } = answering;
  const open = options.openCalls.open(exchange, received.timeoutMs());
  const call = new FastCall(admission, received, open);
  return admission.route.handle(call).then((outcome) => {
    const answer = endCall(options, { call, outcome, admission, end: received.end });
    if (answer instanceof Promise) return answer.then((late) => exchange.send(late));
    exchange.send(answer);
    return undefined;
  });
}

type Ending = {
  readonly call: FastCall;
  readonly outcome: Outcome;
  readonly admission: Pick<UnaryAdmission, 'headers' | 'dialect' | 'compression'>;
  readonly end: EndOfCall;
};

/** Ends a call, and makes the answer. Those who watch calls are told when it is on its way. */
export function endCall(
  options: EndOptions,
  { call, outcome, admission, end }: Ending,
): Answer | Promise<Answer> {
  call.open.close();
  options.afterTurn(() => end(outcome.kind === 'error' ? outcome.error : undefined));
  const { dialect, compression } = admission;
  const headers = headersOf(options, call, admission.headers.origin);
  return dialect.present({ outcome, headers, compression });
}
