// Metadata: a JSON object of the caller's, bounded, with its keys in one fixed order.
import { parsed, refuseField, type Parsed } from './refusal.ts';
import { storabilityProblem } from './text.ts';

/** Any JSON value, readonly. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A JSON object whose keys are sorted at every depth. */
export type Metadata = Readonly<Record<string, JsonValue>>;

/** Keys at the top of a metadata object. */
const metadataKeyCountMax = 50;
/** Bytes of a metadata object as compact JSON in UTF-8. */
const metadataBytesMax = 16 * 1024;
/** Objects and lists within each other. A bound for the stack, far beyond any use. */
const metadataDepthMax = 32;

/**
 * Checks a metadata object and sorts its keys at every depth. Refuses more than 50 keys, 16 KiB or
 * 32 levels, and texts that cannot be stored. Absent and empty are the same: absent.
 */
export function parseMetadata(unchecked: Metadata | undefined): Parsed<Metadata | undefined> {
  if (unchecked === undefined) return parsed(undefined);
  const keyCount = Object.keys(unchecked).length;
  if (keyCount === 0) return parsed(undefined);
  if (keyCount > metadataKeyCountMax) {
    return refuseField('metadata', `has more than ${metadataKeyCountMax} keys`);
  }
  const problem = valueProblem(unchecked, 1);
  if (problem !== undefined) return refuseField('metadata', problem);
  const sorted = sortObject(unchecked);
  if (Buffer.byteLength(JSON.stringify(sorted)) > metadataBytesMax) {
    return refuseField('metadata', `is larger than ${metadataBytesMax} bytes of JSON`);
  }
  return parsed(sorted);
}

function valueProblem(value: JsonValue, depth: number): string | undefined {
  if (typeof value === 'string') return storabilityProblem(value);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : 'contains a number that is not finite';
  }
  if (value === null || typeof value !== 'object') return undefined;
  if (depth > metadataDepthMax) return `is nested deeper than ${metadataDepthMax} levels`;
  for (const [key, item] of Object.entries(value)) {
    const problem = storabilityProblem(key) ?? valueProblem(item, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function sortValue(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? value.map(sortValue) : sortObject(value as Metadata);
}

function sortObject(value: Metadata): Metadata {
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  // Built from entries, so that a key such as `__proto__` stays an ordinary key.
  return Object.fromEntries(entries.map(([key, item]) => [key, sortValue(item)]));
}
