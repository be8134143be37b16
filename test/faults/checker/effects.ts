// Phase A, resolve: which operation made which event, unknown outcomes included.
import type { TransactionAnswer, WriteAnswer } from '../history/answer.ts';
import type { Operation } from '../history/operation.ts';
import { canonicalAnswer, identityOf, isAskedFor, writeOf, type Effect } from './effect.ts';
import type { Findings } from './violation.ts';

export type Effects = {
  /** Takes a write that was answered. */
  readonly addAnswered: (operation: Operation) => void;
  /** Takes a write whose outcome is not known, or that was told to have failed. */
  readonly addUnsettled: (operation: Operation) => void;
  /** Takes a transaction of the final history. */
  readonly addHistory: (transaction: TransactionAnswer) => void;
  /** Settles what is unknown, and gives the effects by sequence. */
  readonly resolve: () => ReadonlyMap<number, Effect>;
};

/** Gathers effects; give it all operations before the final history. */
export function createEffects(findings: Findings): Effects {
  const bySequence = new Map<number, Effect>();
  const byIdentity = new Map<string, Effect>();
  const unsettled = new Map<string, Operation[]>();
  const keep = (effect: Effect): void => {
    bySequence.set(effect.sequence, effect);
    const { identity, sequence, asked } = effect;
    const other = byIdentity.get(identity);
    byIdentity.set(identity, effect);
    if (other === undefined) return;
    const sentence = `the ${identity} took effect twice, at ${other.sequence} and ${sequence}`;
    findings.add('idempotency', [other.asked.id, asked.id], sentence);
  };
  return {
    addAnswered: (operation) => {
      const effect = bySequence.get(operation.sequence ?? 0);
      if (effect === undefined) keep(newEffect(operation));
      else join({ effect, operation, findings });
    },
    addUnsettled: (operation) => {
      const identity = identityOf(writeOf(operation));
      const same = unsettled.get(identity);
      if (same === undefined) unsettled.set(identity, [operation]);
      else same.push(operation);
    },
    addHistory: (transaction) => {
      const effect = bySequence.get(Number(transaction.sequence));
      if (effect !== undefined) confirm({ effect, transaction, findings });
      else claim({ transaction, unsettled, keep, findings });
    },
    resolve: () => {
      for (const [identity, operations] of unsettled) {
        byIdentity.get(identity)?.unsettled.push(...operations);
      }
      return bySequence;
    },
  };
}

function newEffect(operation: Operation): Effect {
  return {
    sequence: operation.sequence ?? 0,
    identity: identityOf(writeOf(operation)),
    asked: operation,
    observed: JSON.parse(operation.answerText) as WriteAnswer,
    observedInReplay: operation.replay,
    answered: [operation],
    unsettled: [],
    seenInHistory: false,
  };
}

type Joining = {
  readonly effect: Effect;
  readonly operation: Operation;
  readonly findings: Findings;
};

/** One more answer with a sequence that is known: it must be about the same, and equal. */
function join({ effect, operation, findings }: Joining): void {
  const identity = identityOf(writeOf(operation));
  const ids = [effect.asked.id, operation.id];
  if (identity !== effect.identity) {
    const both = `the ${effect.identity} and to the ${identity}`;
    const sentence = `sequence ${effect.sequence} was answered to ${both}`;
    findings.add('order', ids, sentence);
    return;
  }
  const answer = JSON.parse(operation.answerText) as WriteAnswer;
  if (canonicalAnswer(answer) !== canonicalAnswer(effect.observed)) {
    const [first, second] = [effect.observed, answer].map((each) => JSON.stringify(each));
    findings.add('idempotency', ids, `the ${identity} was answered ${first} and ${second}`);
  }
  effect.answered.push(operation);
  if (operation.replay || !effect.observedInReplay) return;
  Object.assign(effect, { asked: operation, observed: answer, observedInReplay: false });
}

type Confirming = {
  readonly effect: Effect;
  readonly transaction: TransactionAnswer;
  readonly findings: Findings;
};

/** The final history must show what was answered. An opening credit is shown only there. */
function confirm({ effect, transaction, findings }: Confirming): void {
  effect.seenInHistory = true;
  const { observed, asked, sequence } = effect;
  if (observed.transaction === undefined) {
    effect.observed = { ...observed, transaction };
    return;
  }
  const [answer, history] = [observed.transaction, transaction].map((each) => JSON.stringify(each));
  if (answer === history) return;
  const sentence = `sequence ${sequence} was answered ${answer} and the history has ${history}`;
  findings.add('final state', [asked.id], sentence);
}

type Claiming = {
  readonly transaction: TransactionAnswer;
  readonly unsettled: ReadonlyMap<string, readonly Operation[]>;
  readonly keep: (effect: Effect) => void;
  readonly findings: Findings;
};

/** A transaction that nobody was answered with: one of unknown outcome must have made it. */
function claim({ transaction, unsettled, keep, findings }: Claiming): void {
  const { reversalOf, idempotencyKey } = transaction;
  const identity = reversalOf === undefined ? `key ${idempotencyKey}` : `reversal of ${reversalOf}`;
  const candidates = unsettled.get(identity) ?? [];
  const asked = candidates.find((each) => isAskedFor(writeOf(each), transaction));
  const sequence = Number(transaction.sequence);
  if (asked === undefined) {
    const text = JSON.stringify(transaction);
    const sentence = `sequence ${sequence} has a transaction that nobody sent: ${text}`;
    findings.add(
      'resolve',
      candidates.map(({ id }) => id),
      sentence,
    );
    return;
  }
  keep({
    sequence,
    identity,
    asked,
    observed: { transaction, sequence: transaction.sequence },
    observedInReplay: false,
    answered: [],
    unsettled: [],
    seenInHistory: true,
  });
}
