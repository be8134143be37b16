// What a call goes through between its message and its answer: book, form, view, handler, errors.
// The interceptors of the router do the same, with a promise for each of them.
import { create, type DescMessage, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { noteSuccess, watchMessages, type EndWith } from '../interceptors/errors.ts';
import type { ResolveBook } from '../interceptors/resolve-book.ts';
import type { JudgeRequest } from '../interceptors/validate.ts';
import { refuseToViewer, showTo } from '../interceptors/view.ts';
import type { Outcome } from './answer.ts';
import type { FastCall } from './fast-call.ts';

export type HandleOptions = {
  readonly endWith: EndWith;
  readonly resolveBook: ResolveBook;
  readonly judge: JudgeRequest;
};

/** A handler of any unary method. */
export type RunUnary = (
  request: Message,
  context: HandlerContext,
) => Promise<MessageInitShape<DescMessage>>;

/** A handler, and the bytes of its answers. */
export type UnaryHandler = {
  readonly run: RunUnary;
  readonly write: (answer: Message, isBinary: boolean) => Uint8Array;
};

/** A handler of any method that answers message by message. Those of the ledger yield messages. */
export type RunStream = (request: Message, context: HandlerContext) => AsyncIterable<Message>;

/** Judges a call and answers it. Never rejects: what goes wrong is an error of the contract. */
export function handleUnary(
  options: HandleOptions,
  call: FastCall,
  { run, write }: UnaryHandler,
): Promise<Outcome> {
  const fail = (thrown: unknown): Outcome => ({
    kind: 'error',
    error: options.endWith(call, thrown),
  });
  return call.open
    .orEnd(() => judgeAndRun(options, call, run))
    .then((answer): Outcome => {
      try {
        const { values, method } = call;
        const shown = showTo(values, method, create(method.output, answer));
        const bytes = write(shown, call.isBinary);
        noteSuccess(call);
        return { kind: 'message', bytes };
      } catch (thrown) {
        return fail(thrown);
      }
    }, fail);
}

/**
 * Judges a call and gives its messages. What goes wrong is thrown as an error of the contract, by
 * the messages where it comes after the beginning.
 */
export async function handleStream(
  options: HandleOptions,
  call: FastCall,
  run: RunStream,
): Promise<AsyncIterable<Message>> {
  const { endWith } = options;
  try {
    await call.open.orEnd(async () => judgeCall(options, call));
    return watchMessages(run(call.message, call), call, endWith);
  } catch (thrown) {
    throw endWith(call, thrown);
  }
}

function judgeAndRun(
  options: HandleOptions,
  call: FastCall,
  run: RunUnary,
): Promise<MessageInitShape<DescMessage>> {
  const runJudged = (): Promise<MessageInitShape<DescMessage>> => {
    refuseToViewer(call.values, call.method, call.message);
    return run(call.message, call);
  };
  const judged = judgeCall(options, call);
  return judged === undefined ? runJudged() : judged.then(runJudged);
}

function judgeCall(options: HandleOptions, call: FastCall): Promise<void> | undefined {
  const judge = (): void => options.judge(call.method.input, call.message);
  const resolved = options.resolveBook(call.values);
  if (resolved !== undefined) return resolved.then(judge);
  judge();
  return undefined;
}
