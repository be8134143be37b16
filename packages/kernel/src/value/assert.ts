// The kernel's only exception: something that can never be false was false. A bug, never a refusal.

/** Throws when `condition` is false. The message is for the log; callers are shown nothing. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`);
}
