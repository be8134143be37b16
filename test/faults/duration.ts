// Durations on the command line.

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Reads `500ms`, `60s`, `5m` or `1h`; gives milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null) throw new Error(`not a duration: ${text}; write 500ms, 60s, 5m or 1h`);
  return Number(match[1]) * unitsMs[match[2] as keyof typeof unitsMs];
}
