// Answers a call at once.
import type { Message } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import type { Log } from '@scrip/runtime';
import { requestIdKey } from '../call/call-facts.ts';
import { toConnectError } from '../errors/to-connect-error.ts';
import type { UnaryAdmission } from './admit.ts';
import type { Outcome } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { FastCall } from './fast-call.ts';
import { headersOf, type HeaderOptions } from './headers-of.ts';
import type { OpenCalls } from './open-calls.ts';
import type { ReceivedCall } from './receive-call.ts';

export type AnswerUnaryOptions = HeaderOptions & {
  readonly log: Log;
  readonly openCalls: OpenCalls;
};

type Answering = {
  readonly exchange: Exchange;
  readonly admission: UnaryAdmission;
  readonly received: ReceivedCall;
};

/** Has a call handled, and sends what became of it. */
export async function answerUnary(
  options: AnswerUnaryOptions,
  answering: Answering,
): Promise<void> {
  const { exchange, admission, received } = answering;
  const open = options.openCalls.open(exchange, received.timeoutMs());
  const call = new FastCall(admission, received, open);
  const outcome = await outcomeOf(options.log, call, admission);
  open.close();
  received.end(outcome.kind === 'error' ? outcome.error : undefined);
  const { compression, dialect } = admission;
  const headers = headersOf(options, call, admission.headers.origin);
  const presented = dialect.present({ outcome, headers, compression });
  exchange.send(presented instanceof Promise ? await presented : presented);
}

async function outcomeOf(
  log: Log,
  call: FastCall,
  { route, dialect }: UnaryAdmission,
): Promise<Outcome> {
  let message: Message;
  try {
    message = await route.handle(call);
  } catch (thrown) {
    return { kind: 'error', error: ConnectError.from(thrown) };
  }
  try {
    return { kind: 'message', bytes: route.write(message, dialect.isBinary) };
  } catch (err) {
    log.error({ request_id: call.values.get(requestIdKey), err }, 'a bug');
    return { kind: 'error', error: toConnectError(err).error };
  }
}
