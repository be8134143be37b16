// A history whose end was lost: what a failover or a restore threw away is taken out of it, so that
// the rest can be checked like any other.
import { isKeyCall, isWrite, writesOf } from '../history/call.ts';
import { callOf, type Operation } from '../history/operation.ts';
import type { BatchAnswer } from '../history/answer.ts';
import type { History } from '../history/recorder.ts';
import { batchOf } from './batches.ts';
import { isRefused } from './keys.ts';

/** Where the lost history left the one that stayed, and when the last of it was answered. */
export type Fork = { readonly sequence: number; readonly endedUs: number };

/**
 * Gives the history as callers see it who know of the loss. A write that was answered behind the
 * fork by then is as one that failed: it is not there, unless its key was sent again. What was read
 * or refused behind it is left out.
 */
export function forgetLost(history: History, fork: Fork): History {
  const operations = (async function* forget(): AsyncGenerator<Operation> {
    for await (const operation of history.operations) yield* forgetOne(operation, fork);
  })();
  return { head: history.head, operations };
}

/** How many writes were acknowledged and lost. */
export async function countLost(history: History, fork: Fork): Promise<number> {
  let count = 0;
  for await (const operation of history.operations) {
    if (isWrite(callOf(operation)) && operation.outcome === 'ok' && isLost(operation, fork)) {
      count += 1;
    }
  }
  return count;
}

function isLost({ sequence = 0, returnedUs }: Operation, fork: Fork): boolean {
  return returnedUs <= fork.endedUs && sequence > fork.sequence;
}

function forgetOne(operation: Operation, fork: Fork): readonly Operation[] {
  const call = callOf(operation);
  if (isKeyCall(call)) return [];
  if (operation.apiKeyId !== '') return forgetOne(withoutKey(operation), fork);
  if (operation.returnedUs > fork.endedUs) return [operation];
  if (operation.outcome === 'unknown' || operation.outcome === 'failed') return [operation];
  if (!isLost(operation, fork)) return [operation];
  if (call.method === 'PostBatch') return forgetBatch(operation, fork);
  return isWrite(call) ? [asUnknown(operation)] : [];
}

/** Keys are lost like the rest: one that was refused wrote nothing, any other is like the run's. */
function withoutKey(operation: Operation): Operation {
  const isTurnedAway = isRefused(operation, 'KEY_UNKNOWN');
  return { ...operation, apiKeyId: '', ...(isTurnedAway ? { outcome: 'failed' } : {}) };
}

/** Items of a batch may have been there before the fork, as replays: those stay. */
function forgetBatch(operation: Operation, fork: Fork): readonly Operation[] {
  const { results = [] } = JSON.parse(operation.answerText) as BatchAnswer;
  const writes = writesOf(batchOf(operation));
  return writes.flatMap((write, index) => {
    const { transaction, replayed = false } = results[index]?.posted ?? {};
    const single = {
      ...operation,
      method: write.method,
      requestText: JSON.stringify(write.request),
    };
    const sequence = Number(transaction?.sequence ?? Infinity);
    if (transaction === undefined || sequence > fork.sequence) return [asUnknown(single)];
    const answerText = JSON.stringify({ transaction, sequence: transaction.sequence });
    return [{ ...single, outcome: 'ok' as const, replay: replayed, sequence, answerText }];
  });
}

function asUnknown(operation: Operation): Operation {
  const answerText = JSON.stringify({ code: '', reason: 'lost', metadata: {} });
  return { ...operation, outcome: 'unknown', replay: false, sequence: undefined, answerText };
}
