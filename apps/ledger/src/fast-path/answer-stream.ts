// Answers a call message by message, no faster than its caller reads.
import type { OutgoingHttpHeaders } from 'node:http';
import type { Message } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import { hangUpKey } from '../call/call-facts.ts';
import type { StreamAdmission } from './admit.ts';
import type { Exchange, PartialAnswer } from './exchange.ts';
import { FastCall } from './fast-call.ts';
import { headersOf, type HeaderOptions } from './headers-of.ts';
import type { OpenCalls } from './open-calls.ts';
import type { ReceivedCall } from './receive-call.ts';

export type AnswerStreamOptions = HeaderOptions & { readonly openCalls: OpenCalls };

type Answering = {
  readonly exchange: Exchange;
  readonly admission: StreamAdmission;
  readonly received: ReceivedCall;
};

/** Has a call handled, and sends its messages until they end or its caller goes. */
export async function answerStream(
  options: AnswerStreamOptions,
  { exchange, admission, received }: Answering,
): Promise<void> {
  const { values, end } = received;
  const { route, dialect, headers } = admission;
  values.set(hangUpKey, () => exchange.hangUp());
  const open = options.openCalls.open(exchange, received.timeoutMs());
  const call = new FastCall(admission, received, open);
  let answer: PartialAnswer | undefined;
  // Headers go out with the first message: until then the handler may set some.
  const begin = (): PartialAnswer =>
    (answer ??= exchange.begin(
      present(admission, headersOf(options, call, headers.origin)),
      dialect.hasTrailers,
    ));
  let error: ConnectError | undefined;
  try {
    const messages = await route.open(call);
    open.goOn();
    await tellAll(messages, exchange, (each) => begin().write(route.write(each, dialect.isBinary)));
  } catch (thrown) {
    error = ConnectError.from(thrown);
  }
  open.close();
  end(error ?? options.openCalls.cutOffReason());
  if (!exchange.isGone()) begin().end(dialect.endOf(error));
}

async function tellAll(
  messages: AsyncIterable<Message>,
  exchange: Exchange,
  tell: (message: Message) => Promise<void> | undefined,
): Promise<void> {
  for await (const message of messages) {
    const room = tell(message);
    if (room !== undefined) await room;
    if (exchange.isGone()) return;
  }
}

function present(
  { dialect, compression }: StreamAdmission,
  headers: OutgoingHttpHeaders,
): OutgoingHttpHeaders {
  headers['content-type'] = dialect.contentType;
  // Said to those who take it, though no message of a stream is compressed.
  if (compression !== null) headers[dialect.encodingHeader] = compression.name;
  return headers;
}
