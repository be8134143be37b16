// What the checker finds.

/** The check that found it. */
export const checks = [
  'answers',
  'resolve',
  'order',
  'replay',
  'real time',
  'idempotency',
  'reads',
  'final state',
  'keys',
] as const;

export type Check = (typeof checks)[number];

export type Violation = {
  readonly check: Check;
  /** The operations that show it. */
  readonly operations: readonly number[];
  /** What was expected and what was found. */
  readonly sentence: string;
};

export type Findings = {
  readonly add: (check: Check, operations: readonly number[], sentence: string) => void;
  readonly list: () => readonly Violation[];
  readonly count: () => number;
};

/** Violations that are kept with their sentences; the others are only counted. */
const keptCountMax = 100;

/** Collects violations; one broken thing can break a thousand others after it. */
export function createFindings(): Findings {
  const kept: Violation[] = [];
  let count = 0;
  return {
    add: (check, operations, sentence) => {
      count += 1;
      if (kept.length < keptCountMax) kept.push({ check, operations, sentence });
    },
    list: () => kept,
    count: () => count,
  };
}
