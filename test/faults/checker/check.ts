// The checker: resolves, orders, replays and compares a whole history.
import type { History } from '../history/recorder.ts';
import type { ModelBook } from '../model/book.ts';
import { checkWholeness } from './batches.ts';
import { collect, type Counts } from './collect.ts';
import type { Effect } from './effect.ts';
import { checkOrder } from './order.ts';
import { checkRealTime } from './real-time.ts';
import { replay } from './replay.ts';
import { createFindings, type Findings, type Violation } from './violation.ts';

export type Report = Counts & {
  /** Events that the run made. */
  readonly effects: number;
  /** The last sequence that was replayed. */
  readonly head: number;
  /** Whether the run ended with a read of the whole history. */
  readonly isReadBack: boolean;
  readonly violationCount: number;
  /** The first hundred violations. */
  readonly violations: readonly Violation[];
};

/** Checks a history; see the README for the phases. */
export async function checkHistory(history: History): Promise<Report> {
  const findings = createFindings();
  const { baseSequence: base } = history.head;
  const collected = await collect(history, findings);
  const { judged, openBatches, finalHead, isReadBack, counts } = collected;
  const effects = collected.effects.resolve();
  checkWholeness(effects, openBatches, findings);
  checkOrder(effects, { base, finalHead }, findings);
  const book = replay({ base, effects, judged, findings });
  checkRealTime(effects, judged, findings);
  if (isReadBack) checkFinalHistory(effects, book, findings);
  return {
    ...counts,
    effects: effects.size,
    head: book.sequence,
    isReadBack,
    violationCount: findings.count(),
    violations: findings.list(),
  };
}

/** Every transaction that was answered is in the final list of all transactions. */
function checkFinalHistory(
  effects: ReadonlyMap<number, Effect>,
  book: ModelBook,
  findings: Findings,
): void {
  const posted = new Set(book.transactionsInOrder.map(({ sequence }) => sequence));
  for (const [sequence, { seenInHistory, asked, identity }] of effects) {
    if (seenInHistory || !posted.has(sequence)) continue;
    const sentence =
      `the ${identity} was answered with sequence ${sequence}, ` +
      'which the final history does not have';
    findings.add('final state', [asked.id], sentence);
  }
}
