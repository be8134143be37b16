// Finds a circle of files that import each other.

/** The first circle met, from a file back to itself; empty when there is none. */
export function findCycle(
  importsByPath: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const settled = new Set<string>();
  for (const path of importsByPath.keys()) {
    const cycle = follow({ path, trail: [], importsByPath, settled });
    if (cycle !== undefined) return cycle;
  }
  return [];
}

function follow(step: {
  readonly path: string;
  readonly trail: readonly string[];
  readonly importsByPath: ReadonlyMap<string, readonly string[]>;
  readonly settled: Set<string>;
}): readonly string[] | undefined {
  const { path, trail, importsByPath, settled } = step;
  if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
  if (settled.has(path)) return undefined;
  for (const next of importsByPath.get(path) ?? []) {
    const cycle = follow({ path: next, trail: [...trail, path], importsByPath, settled });
    if (cycle !== undefined) return cycle;
  }
  settled.add(path);
  return undefined;
}
