// Answers what the fast path took: at once, or message by message. Never throws.
import type { Log } from '@scrip/runtime';
import type { Admission } from './admit.ts';
import { answerStream } from './answer-stream.ts';
import { answerUnary, type EndOptions } from './answer-unary.ts';
import type { Exchange } from './exchange.ts';
import { receiveCall, type ReceiveOptions } from './receive-call.ts';

export type AnswerCallOptions = ReceiveOptions & EndOptions & { readonly log: Log };

/** Answers a call, or hands it over. */
export type AnswerCall = (exchange: Exchange, admission: Admission) => void;

/** Makes what answers the calls that were admitted. */
export function createAnswerCall(options: AnswerCallOptions): AnswerCall {
  return (exchange, admission) => {
    receiveCall(options, exchange, admission)
      .then((received) => {
        if (received === undefined) return undefined;
        if (admission.kind === 'unary')
          return answerUnary(options, { exchange, admission, received });
        return answerStream(options, { exchange, admission, received });
      })
      .catch((err: unknown) => {
        options.log.error({ err }, 'a bug: a call was not answered');
        exchange.source.destroy();
      });
  };
}
