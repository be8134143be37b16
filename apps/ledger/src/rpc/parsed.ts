// What was checked, or the refusal of it.
import type { Parsed } from '@scrip/kernel';
import { RefusalError } from '../errors/refusal-error.ts';

/** The value of what passed its checks; what did not is thrown as its refusal. */
export function valueOf<T>(parsed: Parsed<T>): T {
  if (parsed.kind === 'refused') throw new RefusalError(parsed);
  return parsed.value;
}
