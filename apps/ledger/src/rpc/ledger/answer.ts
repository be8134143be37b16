// How every change reaches the engine, and what the RPCs make of its outcome.
import type { HandlerContext } from '@connectrpc/connect';
import { toProtoAccount, toProtoTransaction } from '@scrip/codec';
import type { Account, Transaction } from '@scrip/contract';
import type { Engine, LedgerReader, Outcome } from '@scrip/engine';
import { assert, postingOf, type Command, type Parsed } from '@scrip/kernel';
import { bookOf } from '../../call/call-facts.ts';
import { RefusalError } from '../../errors/refusal-error.ts';
import type { JudgeForm } from '../../form/judge-form.ts';
import { valueOf } from '../parsed.ts';
import type { Read } from './read.ts';

/** What the RPCs stand on. */
export type LedgerPorts = {
  readonly engine: Pick<Engine, 'submit' | 'submitBatch'>;
  readonly reader: LedgerReader;
  readonly judgeForm: JudgeForm;
};

/** The ports, with the ways that all RPCs take to them. */
export type LedgerParts = LedgerPorts & { readonly submit: Submit; readonly read: Read };

/** A change that is durable. */
export type Done = Exclude<Outcome, { readonly kind: 'refused' }>;

/** Has a command decided. */
export type Submit = (context: HandlerContext, command: Parsed<Command>) => Promise<Done>;

const replayHeader = 'scrip-idempotent-replay';

/** Makes the way of every change: decided, durable, marked when it is a replay. */
export function createSubmit({ engine }: LedgerPorts): Submit {
  return async (context, command) => {
    const { values, signal, responseHeader } = context;
    const outcome = await engine.submit(bookOf(values), valueOf(command), signal);
    if (outcome.kind === 'refused') throw new RefusalError(outcome.refusal, outcome.sequence);
    if (outcome.kind === 'replayed') responseHeader.set(replayHeader, 'true');
    return outcome;
  };
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
