// What a verification finds wrong first.
import type { AccountId, Sequence } from '@scrip/kernel';

/** The first difference between a book and the replay of its events. */
export interface Difference {
  /** The table in which it stands. */
  readonly place: 'head' | 'seal' | 'event' | 'entry' | 'account' | 'unit' | 'term' | 'coupon';
  /** One sentence for an operator. */
  readonly message: string;
  /** The sealed range it lies in, where a seal shows it. */
  readonly range?: { readonly first: Sequence; readonly last: Sequence };
  /** The event at which the replay shows it. */
  readonly sequence?: Sequence;
  readonly accountId?: AccountId;
}

/** Carries a difference out of nested loops. Caught by `verifyBook`, never seen outside. */
export class DifferenceFound extends Error {
  readonly difference: Difference;

  constructor(difference: Difference) {
    super(difference.message);
    this.name = 'DifferenceFound';
    this.difference = difference;
  }
}

/** Ends a verification, unless the condition holds. */
export function expectSame(holds: boolean, difference: Difference): asserts holds {
  if (!holds) throw new DifferenceFound(difference);
}
