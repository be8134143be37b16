// How every RPC of the ledger reaches the engine or the reader, and what it makes of the outcome.
import type { HandlerContext } from '@connectrpc/connect';
import { toProtoAccount, toProtoTransaction } from '@scrip/codec';
import type { Account, Transaction } from '@scrip/contract';
import type { Book, Engine, LedgerReader, Outcome, ReadAnswer } from '@scrip/engine';
import { assert, postingOf, type Command, type Parsed, type Sequence } from '@scrip/kernel';
import { bookOf } from '../../call/call-facts.ts';
import { RefusalError } from '../../errors/refusal-error.ts';

/** What the RPCs stand on. */
export type LedgerPorts = {
  readonly engine: Pick<Engine, 'submit'>;
  readonly reader: LedgerReader;
};

/** A change that is durable. */
export type Done = Exclude<Outcome, { readonly kind: 'refused' }>;

const replayHeader = 'scrip-idempotent-replay';

/** Makes the way of every change: decided, durable, marked when it is a replay. */
export function createSubmit({ engine }: LedgerPorts) {
  return async (context: HandlerContext, command: Parsed<Command>): Promise<Done> => {
    const { values, signal, responseHeader } = context;
    const outcome = await engine.submit(bookOf(values), valueOf(command), signal);
    if (outcome.kind === 'refused') throw new RefusalError(outcome.refusal, outcome.sequence);
    if (outcome.kind === 'replayed') responseHeader.set(replayHeader, 'true');
    return outcome;
  };
}

/** One read of a book. */
export type Ask<Query, Value> = (book: Book, query: Query) => Promise<ReadAnswer<Value>>;

/** An answer that is none of a refusal. */
export type Told<Value> = { readonly value: Value; readonly sequence: Sequence };

/** Reads from the caller's book. */
export async function read<Query, Value>(
  context: HandlerContext,
  query: Parsed<Query>,
  ask: Ask<Query, Value>,
): Promise<Told<Value>> {
  const answer = await ask(bookOf(context.values), valueOf(query));
  if (answer.kind === 'refused') throw new RefusalError(answer.refusal, answer.sequence);
  return answer;
}

/** The account that a change was about, as the change left it. */
export function accountOf({ event, personal }: Done): Account {
  assert(event.change.kind !== 'transaction_posted', 'the event is about an account');
  return toProtoAccount(event.change.account, personal);
}

/** The transaction that a change posted. */
export function transactionOf({ event }: Done): Transaction {
  const posting = postingOf(event);
  assert(posting !== undefined, 'the event posted a transaction');
  return toProtoTransaction(posting.transaction);
}

function valueOf<T>(parsed: Parsed<T>): T {
  if (parsed.kind === 'refused') throw new RefusalError(parsed);
  return parsed.value;
}
