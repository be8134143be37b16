// Compares an answer with what the model expects.

/** Fields that say something by being there at all. Others may be added to the API. */
const telling: ReadonlySet<string> = new Set([
  'displayName',
  'externalId',
  'reversalOf',
  'metadata',
  'unitScale',
  'hasMore',
  'entries',
  'transactions',
]);

/** The first difference in words, or nothing. Fields that the model does not know are let be. */
export function differenceOf(expected: unknown, actual: unknown, path = ''): string | undefined {
  if (Array.isArray(expected)) return differenceOfLists(expected, actual, path);
  if (typeof expected === 'object' && expected !== null) {
    return differenceOfObjects(expected, actual, path);
  }
  if (expected === actual) return undefined;
  return `${path}: expected ${spell(expected)}, got ${spell(actual)}`;
}

function differenceOfObjects(expected: object, actual: unknown, path: string): string | undefined {
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) {
    return `${path}: expected an object, got ${spell(actual)}`;
  }
  const wanted = new Map<string, unknown>(Object.entries(expected));
  const found = new Map<string, unknown>(Object.entries(actual));
  for (const [name, value] of wanted) {
    const difference = differenceOf(value, found.get(name), inside(path, name));
    if (difference !== undefined) return difference;
  }
  for (const name of found.keys()) {
    if (!telling.has(name) || wanted.has(name)) continue;
    return `${inside(path, name)}: expected nothing, got ${spell(found.get(name))}`;
  }
  return undefined;
}

function differenceOfLists(
  expected: readonly unknown[],
  actual: unknown,
  path: string,
): string | undefined {
  const found: readonly unknown[] = Array.isArray(actual) ? actual : [];
  for (const [index, value] of expected.entries()) {
    const difference = differenceOf(value, found[index], `${path}[${index}]`);
    if (difference !== undefined) return difference;
  }
  if (found.length === expected.length) return undefined;
  return `${path}: expected ${expected.length} items, got ${found.length}`;
}

function inside(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function spell(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
