// What the judge finds, by the property that it breaks.

/** The six properties of the feed, and what else the contract says of its streams. */
export const properties = [
  'ordered',
  'unique',
  'complete',
  'atomic',
  'resumable',
  'bookmarked',
  /** It begins where it was asked to. */
  'start',
  /** Only what the filter keeps, only what the caller may see. */
  'filtered',
  /** `started` first, `caught_up` and `fell_behind` in turn. */
  'told',
  /** A heartbeat at once and every 15 seconds. */
  'heartbeat',
  /** What happens is told soon. */
  'live',
  /** Balances are those of their sequence, never an older one after a newer. */
  'balance',
  /** Streams end for the reasons of the contract alone. */
  'end',
  /** The stored history is the one that was streamed and listed. */
  'history',
] as const;

export type Property = (typeof properties)[number];

export type Violation = {
  readonly property: Property;
  readonly watcher: string;
  readonly text: string;
};

/** One line for each violation, sorted by property; the first few of each. */
export function violationLines(violations: readonly Violation[]): readonly string[] {
  return properties.flatMap((property) => {
    const found = violations.filter((violation) => violation.property === property);
    const shown = found.slice(0, 8).map(({ watcher, text }) => `  ${watcher}: ${text}`);
    return found.length === 0 ? [] : [`${property}: ${found.length} violations`, ...shown];
  });
}
