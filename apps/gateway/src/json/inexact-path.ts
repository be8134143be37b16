// Finds the first number in a parsed value that a double cannot keep.
import { isInexactNumber } from './parse-json.ts';

/** Its path, `metadata.a[0]` for instance; nothing when every number is exact. */
export function inexactPath(value: unknown, path: string): string | undefined {
  if (isInexactNumber(value)) return path;
  if (Array.isArray(value)) {
    return firstOf(value.map((item, index) => [item, `${path}[${index}]`] as const));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return firstOf(Object.entries(value).map(([key, item]) => [item, `${path}.${key}`] as const));
}

function firstOf(items: readonly (readonly [unknown, string])[]): string | undefined {
  for (const [item, path] of items) {
    const found = inexactPath(item, path);
    if (found !== undefined) return found;
  }
  return undefined;
}
