// What was acknowledged when: the writers' side of the clock that watchers share.
import type { Acknowledged } from '../writers/world.ts';

export type Times = {
  /** The highest sequence that was acknowledged before this. */
  readonly headBefore: (atMs: number) => number;
  /** The lowest sequence of a change that was sent after this. */
  readonly firstSentAfter: (atMs: number) => number;
  readonly acknowledged: readonly Acknowledged[];
};

export function timesOf(acknowledged: readonly Acknowledged[]): Times {
  return {
    headBefore: (atMs) =>
      acknowledged.reduce(
        (head, { answeredAtMs, sequence }) =>
          answeredAtMs < atMs ? Math.max(head, sequence) : head,
        0,
      ),
    firstSentAfter: (atMs) =>
      acknowledged.reduce(
        (first, { sentAtMs, sequence }) => (sentAtMs > atMs ? Math.min(first, sequence) : first),
        Number.MAX_SAFE_INTEGER,
      ),
    acknowledged,
  };
}
