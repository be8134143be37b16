// How every change reaches the engine, and what the RPCs make of its outcome.
import type { HandlerContext } from '@connectrpc/connect';
import { toProtoTransaction, type PostedAnswer } from '@scrip/codec';
import type { Transaction } from '@scrip/contract';
import type { Engine, LedgerReader, Outcome, TermsReader } from '@scrip/engine';
import { assert, grantsOf, postingOf, present, type Command, type Parsed } from '@scrip/kernel';
import { bookOf } from '../../call/call-facts.ts';
import { RefusalError } from '../../errors/refusal-error.ts';
import type { JudgeForm } from '../../form/judge-form.ts';
import { leaveSignalOf } from '../leave-signal.ts';
import { valueOf } from '../parsed.ts';
import type { Read } from './read.ts';

/** What the RPCs stand on. */
export type LedgerPorts = {
  readonly engine: Pick<Engine, 'submit' | 'submitBatch'>;
  readonly reader: LedgerReader;
  readonly terms: TermsReader;
  readonly judgeForm: JudgeForm;
};

/** The ports, with the ways that all RPCs take to them. */
export type LedgerParts = LedgerPorts & { readonly submit: Submit; readonly read: Read };

/** A change that is durable. */
export type Done = Extract<Outcome, { readonly event: unknown }>;

/** Has a command decided. */
export type Submit = (context: HandlerContext, command: Parsed<Command>) => Promise<Done>;

const replayHeader = 'scrip-idempotent-replay';

/** Makes the way of every change: decided, durable, marked when it is a replay. */
export function createSubmit({ engine }: { readonly engine: Pick<Engine, 'submit'> }): Submit {
  return (context, command) =>
    engine
      .submit(bookOf(context.values), valueOf(command), leaveSignalOf(context))
      .then((outcome) => doneOf(outcome, context));
}

function doneOf(outcome: Outcome, context: HandlerContext): Done {
  if (outcome.kind === 'refused') throw new RefusalError(outcome.refusal, outcome.sequence);
  assert(outcome.kind !== 'unchanged', 'what callers ask for is an event or a refusal');
  // Headers are made when they are asked for: few answers have one of their own.
  if (outcome.kind === 'replayed') context.responseHeader.set(replayHeader, 'true');
  return outcome;
}

/** The transaction that a change posted, where it moved credits. */
export function optionalTransactionOf({ event }: Done): { readonly transaction?: Transaction } {
  const posting = postingOf(event);
  return posting === undefined ? {} : { transaction: toProtoTransaction(posting.transaction) };
}

/** The grant that a credit with terms made. */
export function grantIdOf({ event }: Done): string | undefined {
  return grantsOf(event).find((grant) => grant.sequence === event.sequence)?.id;
}

/** What a command that posts came to: a transaction always. */
export function postedOf({ event, sequence }: Done): PostedAnswer {
  const posting = postingOf(event);
  assert(posting !== undefined, 'the event posted a transaction');
  return { transaction: posting.transaction, sequence };
}

/** What a credit came to: a grant that takes effect later has no transaction yet. */
export function creditedOf(done: Done): PostedAnswer {
  return {
    ...present('transaction', postingOf(done.event)?.transaction),
    sequence: done.sequence,
    ...present('grantId', grantIdOf(done)),
  };
}
