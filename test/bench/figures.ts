// What a measurement is given and what it gives.

/** How much, and for how long. */
export type Size = {
  readonly accountCount: number;
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly watcherCount: number;
};

/** Figures by stable names; `failures` adds up. */
export type Figures = Readonly<Record<string, number>>;
