// The keys of requests: one that comes again gets its first answer again.
import type { Parsed } from './refusal.ts';
import { parseOptionalText, parseText } from './text.ts';

/** A request that may come with a key. */
export interface OptionallyKeyed {
  readonly idempotencyKey?: string | undefined;
}

const rule = { field: 'idempotency_key', lengthMax: 255 };

/** Checks an idempotency key: 1 to 255 characters. */
export function parseIdempotencyKey(unchecked: string): Parsed<string> {
  return parseText(unchecked, rule);
}

/** Checks an idempotency key that may be absent. */
export function parseOptionalIdempotencyKey(
  unchecked: string | undefined,
): Parsed<string | undefined> {
  return parseOptionalText(unchecked, rule);
}
