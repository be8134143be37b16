// How every read of the ledger is answered, and how it waits for a sequence.
import type { HandlerContext } from '@connectrpc/connect';
import { fromProtoRequestedSequence } from '@scrip/codec';
import type { Book, LedgerReader, ReadAnswer } from '@scrip/engine';
import type { Parsed, Sequence } from '@scrip/kernel';
import { bookOf, viewerOf } from '../../call/call-facts.ts';
import { RefusalError } from '../../errors/refusal-error.ts';
import { serviceError } from '../../errors/service-error.ts';
import { narrowReader } from '../../view/narrow-reader.ts';
import { valueOf } from '../parsed.ts';
import { createNextHead, type NextHead } from './next-head.ts';

/** The call that reads; any read may ask for a sequence that its answer reflects. */
export type ReadCall = {
  readonly request: { readonly minSequence?: bigint | undefined };
  readonly context: HandlerContext;
};

/** Where a call reads: a book, as far as the caller sees it. */
export type Reading = { readonly reader: LedgerReader; readonly book: Book };

/** One read of a book. */
export type Ask<Query, Value> = (reading: Reading, query: Query) => Promise<ReadAnswer<Value>>;

/** An answer that is none of a refusal. */
export type Told<Value> = { readonly value: Value; readonly sequence: Sequence };

/** Reads from the caller's book; refusals are thrown. */
export type Read = <Query, Value>(
  call: ReadCall,
  query: Parsed<Query>,
  ask: Ask<Query, Value>,
) => Promise<Told<Value>>;

/** How long a read waits for its sequence, as the contract says. */
const waitMsMax = 5_000;
/** A call that ends sooner waits for this share of what is left to it, so that it is answered. */
const shareOfDeadline = 0.9;

/**
 * Makes the way of every read. It is asked at once: its answer tells whether it is late enough, so
 * that a book which is there already costs no second question.
 */
export function createRead(reader: LedgerReader): Read {
  const nextHead = createNextHead(reader);
  return async ({ request, context }, query, ask) => {
    const book = bookOf(context.values);
    const viewer = viewerOf(context.values);
    const reading = { reader: viewer ? narrowReader(reader, viewer.scope) : reader, book };
    const asked = valueOf(query);
    const { minSequence = 0n } = request;
    let answer = await ask(reading, asked);
    if (answer.sequence < fromProtoRequestedSequence(minSequence)) {
      await untilReached({ book, minSequence, head: answer.sequence, nextHead }, context);
      answer = await ask(reading, asked);
    }
    if (answer.kind === 'refused') throw new RefusalError(answer.refusal, answer.sequence);
    return answer;
  };
}

type Wait = {
  readonly book: Book;
  readonly minSequence: bigint;
  readonly head: Sequence;
  readonly nextHead: NextHead;
};

async function untilReached(
  { book, minSequence, head: seen, nextHead }: Wait,
  { signal, timeoutMs }: HandlerContext,
): Promise<void> {
  const leftMs = (timeoutMs() ?? Infinity) * shareOfDeadline;
  const patience = AbortSignal.timeout(Math.max(0, Math.min(waitMsMax, Math.floor(leftMs))));
  let head = seen;
  while (head < fromProtoRequestedSequence(minSequence)) {
    if (patience.aborted || signal.aborted) throw notReached(minSequence, head);
    head = await nextHead(book);
  }
}

function notReached(minSequence: bigint, head: Sequence): Error {
  const message = `The book is at sequence ${head} and has not reached ${minSequence}.`;
  const sequence = String(head);
  const metadata = { min_sequence: String(minSequence), head_sequence: sequence, sequence };
  return serviceError('SEQUENCE_NOT_REACHED', { message, metadata });
}
