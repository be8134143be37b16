// What a measurement is given and what it gives.

/** How much, and for how long. */
export type Size = {
  readonly form: 'short' | 'long';
  readonly accountCount: number;
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly watcherCount: number;
  /** How often what is compared is measured in turn. */
  readonly roundCount: number;
  /** Posts in the book when its rate is compared with that of an empty one, step by step. */
  readonly grownCounts: readonly number[];
  /** Entries of the account whose past is read. */
  readonly historyCount: number;
  /** How long the worst stall is looked for. */
  readonly latencyMs: number;
  /** The rates at which an open loop calls. */
  readonly arrivalRates: readonly number[];
};

/** Figures by stable names; `failures` adds up. */
export type Figures = Readonly<Record<string, number>>;
