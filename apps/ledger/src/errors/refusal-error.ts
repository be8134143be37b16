// A refusal on its way from the ledger to the caller.
import type { Refusal, Sequence } from '@scrip/kernel';

/** Carries a refusal, and the sequence it was judged at, if it was judged on a book. */
export class RefusalError extends Error {
  readonly refusal: Refusal;
  readonly sequence: Sequence | undefined;

  constructor(refusal: Refusal, sequence?: Sequence) {
    super(refusal.message);
    this.name = 'RefusalError';
    this.refusal = refusal;
    this.sequence = sequence;
  }
}

/** What is told of a refusal: its facts, and where it was judged. */
export function refusalFacts(
  { message, metadata }: Refusal,
  sequence: Sequence | undefined,
): { readonly message: string; readonly metadata: Readonly<Record<string, string>> } {
  const judgedAt = sequence === undefined ? {} : { sequence: String(sequence) };
  return { message, metadata: { ...metadata, ...judgedAt } };
}
