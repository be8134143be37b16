// Text from outside: bounded, storable in PostgreSQL, free of what cannot be UTF-8.
import { parsed, refuseField, type Parsed } from './refusal.ts';

/** The bounds of one text field, in characters (Unicode code points). */
export interface TextRule {
  readonly field: string;
  readonly lengthMin?: number;
  readonly lengthMax: number;
  readonly trim?: boolean;
}

/**
 * Checks one text. Refuses what is shorter or longer than the rule, U+0000, which PostgreSQL
 * cannot store, and unpaired surrogates, which UTF-8 cannot carry. Trims when the rule says so.
 */
export function parseText(unchecked: string, rule: TextRule): Parsed<string> {
  const text = rule.trim === true ? unchecked.trim() : unchecked;
  const { field, lengthMin = 1, lengthMax } = rule;
  const problem = storabilityProblem(text);
  if (problem !== undefined) return refuseField(field, problem);
  const length = characterCount(text, lengthMax);
  if (length < lengthMin) {
    return refuseField(field, length === 0 ? 'is required' : `needs ${lengthMin} characters`);
  }
  if (length > lengthMax) return refuseField(field, `is longer than ${lengthMax} characters`);
  return parsed(text);
}

/** Checks a text that may be absent. */
export function parseOptionalText(
  unchecked: string | undefined,
  rule: TextRule,
): Parsed<string | undefined> {
  return unchecked === undefined ? parsed(undefined) : parseText(unchecked, rule);
}

/** Says what keeps a text from being stored, or nothing. */
export function storabilityProblem(text: string): string | undefined {
  if (text.includes('\u0000')) return 'contains the character U+0000';
  if (!text.isWellFormed()) return 'contains an unpaired surrogate';
  return undefined;
}

function characterCount(text: string, lengthMax: number): number {
  // A code point takes one or two UTF-16 units: only a text in between needs to be walked.
  if (text.length <= lengthMax || text.length > 2 * lengthMax) return text.length;
  return [...text].length;
}
