// A number and a sum of hashes: two sets of lines are compared by it without holding either.
import { createHash } from 'node:crypto';

/** How many lines there are, and the sum of their hashes. */
export interface HashSum {
  readonly count: number;
  readonly sum: bigint;
}

/** Of no lines. */
export const noHashes: HashSum = { count: 0, sum: 0n };

/** Adds a line. The order of lines makes no difference. */
export function addHash({ count, sum }: HashSum, line: string): HashSum {
  const hash = createHash('sha256').update(line).digest().readBigUInt64BE(0);
  return { count: count + 1, sum: BigInt.asUintN(64, sum + hash) };
}

/** Whether two sums are of the same lines. */
export function sameHashes(a: HashSum, b: HashSum): boolean {
  return a.count === b.count && a.sum === b.sum;
}
