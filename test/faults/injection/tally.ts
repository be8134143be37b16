// What was injected and what was seen meanwhile, as the table of a run.

export type TallyRow = {
  readonly fault: string;
  count: number;
  /** Calls without an answer at the moment of the fault, summed up. */
  inFlight: number;
  /** Unknown outcomes from the fault until the book answered again, summed up. */
  unknown: number;
  /** The longest time from the end of a fault until writes were answered again. */
  recoveryMsMax: number;
};

export type Tally = {
  readonly note: (row: Omit<TallyRow, 'count'>) => void;
  readonly rows: () => readonly TallyRow[];
};

export function createTally(): Tally {
  const rows = new Map<string, TallyRow>();
  return {
    note: ({ fault, inFlight, unknown, recoveryMsMax }) => {
      const row = rows.get(fault) ?? { fault, count: 0, inFlight: 0, unknown: 0, recoveryMsMax: 0 };
      rows.set(fault, {
        fault,
        count: row.count + 1,
        inFlight: row.inFlight + inFlight,
        unknown: row.unknown + unknown,
        recoveryMsMax: Math.max(row.recoveryMsMax, recoveryMsMax),
      });
    },
    rows: () => rows.values().toArray(),
  };
}

/** The table as text. Violations belong to a run, not to a fault: they stand below it. */
export function tallyLines(tally: Tally): readonly string[] {
  const head = ['fault', 'injected', 'ops in flight', 'unknown', 'recovery max'];
  const body = tally
    .rows()
    .map(({ fault, count, inFlight, unknown, recoveryMsMax }) => [
      fault,
      String(count),
      String(inFlight),
      String(unknown),
      `${Math.round(recoveryMsMax)} ms`,
    ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...body].map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  '),
  );
}
