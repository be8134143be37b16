// The RPC that posts many transactions at once.
import {
  fromProtoBatchItem,
  toProtoBatchResponse,
  type OtherItem,
  type PostedItem,
} from '@scrip/codec';
import {
  BatchMode,
  CreditRequestSchema,
  DebitRequestSchema,
  ErrorReason,
  PostTransactionRequestSchema,
  ReverseTransactionRequestSchema,
  type BatchItem,
} from '@scrip/contract';
import type { BatchOutcome } from '@scrip/engine';
import {
  postingOf,
  present,
  refuseField,
  type Command,
  type Parsed,
  type Refusal,
  type Sequence,
} from '@scrip/kernel';
import { bookOf } from '../../call/call-facts.ts';
import { codeName, codesByReason } from '../../errors/reasons.ts';
import { RefusalError, refusalFacts } from '../../errors/refusal-error.ts';
import type { JudgeForm } from '../../form/judge-form.ts';
import { leaveSignalOf } from '../leave-signal.ts';
import { wireFormatOf } from '../wire-format.ts';
import { grantIdOf, type Done, type LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';

/** What became of an item: an outcome of the engine's, or what a malformed batch comes to. */
type ItemOutcome =
  | BatchOutcome
  | { readonly kind: 'malformed'; readonly refusal: Refusal }
  | { readonly kind: 'not_judged' };

/** Entries of one batch: bounds how long its unit of work holds the book, and its answer's size. */
const entryCountMax = 10_000;

export function batchRpcs({ engine, judgeForm }: LedgerParts) {
  return {
    postBatch: async ({ items, mode }, context) => {
      boundEntries(items);
      const atomic = mode === BatchMode.ATOMIC;
      const parsed = items.map((item) => parseItem(judgeForm, item));
      const commands = parsed.flatMap((each) => (each.kind === 'parsed' ? [each.value] : []));
      const isJudged = commands.length > 0 && (!atomic || commands.length === items.length);
      const batch = { commands, mode: atomic ? 'atomic' : 'independent' } as const;
      const book = bookOf(context.values);
      const judged = isJudged ? await engine.submitBatch(book, batch, leaveSignalOf(context)) : [];
      const sequence = Math.max(0, ...judged.map((outcome) => outcome.sequence)) as Sequence;
      const answer = { items: inOrder(parsed, judged).map(answeredItem), sequence };
      return toProtoBatchResponse(answer, wireFormatOf(context));
    },
  } satisfies Partial<LedgerRpcs>;
}

function boundEntries(items: readonly BatchItem[]): void {
  const counts = items.map(({ item }) => (item.case === 'post' ? item.value.entries.length : 1));
  const entryCount = counts.reduce((sum, count) => sum + count, 0);
  if (entryCount <= entryCountMax) return;
  throw new RefusalError(refuseField('items', `have more than ${entryCountMax} entries in all`));
}

const requestSchemas = {
  credit: CreditRequestSchema,
  debit: DebitRequestSchema,
  post: PostTransactionRequestSchema,
  reverse: ReverseTransactionRequestSchema,
} as const;

/** The command of an item, refused as its single call would be. */
function parseItem(judgeForm: JudgeForm, message: BatchItem): Parsed<Command> {
  const { item } = message;
  const malformed = item.case && judgeForm(requestSchemas[item.case], item.value);
  return malformed?.refusal ?? fromProtoBatchItem(message);
}

/** The outcome of each item, where the well-formed ones have those of the engine, if any. */
function inOrder(
  parsed: readonly Parsed<Command>[],
  judged: readonly BatchOutcome[],
): readonly ItemOutcome[] {
  const outcomes = judged.values();
  return parsed.map((each) =>
    each.kind === 'refused'
      ? { kind: 'malformed', refusal: each }
      : (outcomes.next().value ?? { kind: 'not_judged' }),
  );
}

function answeredItem(outcome: ItemOutcome): PostedItem | OtherItem {
  switch (outcome.kind) {
    case 'accepted':
    case 'replayed':
      return postedItem(outcome);
    case 'refused':
      return refusedItem(outcome.refusal, outcome.sequence);
    case 'malformed':
      return refusedItem(outcome.refusal);
    // No item asks for what is due.
    case 'unchanged':
    case 'not_applied':
    case 'not_judged':
      return { kind: 'other', message: { result: { case: 'notApplied', value: {} } } };
  }
}

function postedItem(done: Done): PostedItem {
  return {
    kind: 'posted',
    ...present('transaction', postingOf(done.event)?.transaction),
    replayed: done.kind === 'replayed',
    ...present('grantId', grantIdOf(done)),
  };
}

function refusedItem(refusal: Refusal, sequence?: Sequence): OtherItem {
  const { message, metadata } = refusalFacts(refusal, sequence);
  const value = {
    reason: ErrorReason[refusal.reason],
    code: codeName(codesByReason[refusal.reason]),
    message,
    metadata: { ...metadata },
  };
  return { kind: 'other', message: { result: { case: 'refused', value } } };
}
