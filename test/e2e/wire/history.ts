// An account's whole history, read page by page, and what has to be true of it.

import { at, type Caller, type Json, type JsonObject, listAt, textAt } from './caller.ts';
import { succeeding } from './transcript.ts';

export type HistoryLine = {
  readonly transactionId: string;
  readonly sequence: bigint;
  /** Whole units, negative for a debit. */
  readonly change: bigint;
  readonly balanceAfter: bigint;
};

const pageSize = 500;

/** All entries of an account of whole units, oldest first. */
export async function readHistory(
  call: Caller,
  account: JsonObject,
): Promise<readonly HistoryLine[]> {
  const lines: HistoryLine[] = [];
  for (let cursor: JsonObject | undefined = {}; cursor !== undefined;) {
    const { answer } = await succeeding(call)('ListEntries', { account, pageSize, ...cursor });
    const entries = listAt(answer, 'entries');
    lines.push(...entries.map(lineOf));
    const last = entries.at(-1);
    const hasMore: boolean = at(answer, 'hasMore') === true;
    cursor = hasMore ? { startingAfter: textAt(last, 'id') } : undefined;
  }
  return lines.toReversed();
}

/** The places where a balance is not the one before plus the change, or the order is broken. */
export function findBrokenLinks(history: readonly HistoryLine[]): readonly HistoryLine[] {
  return history.filter((line, index) => {
    const before = history[index - 1];
    const followsOn = line.balanceAfter === (before?.balanceAfter ?? 0n) + line.change;
    return !followsOn || line.balanceAfter < 0n || line.sequence <= (before?.sequence ?? 0n);
  });
}

function lineOf(entry: Json): HistoryLine {
  const amount = BigInt(textAt(entry, 'amount'));
  return {
    transactionId: textAt(entry, 'transactionId'),
    sequence: BigInt(textAt(entry, 'sequence')),
    change: at(entry, 'side') === 'ENTRY_SIDE_DEBIT' ? -amount : amount,
    balanceAfter: BigInt(textAt(entry, 'balanceAfter')),
  };
}
