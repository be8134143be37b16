// Events: what an accepted command changed, with its sequence. The history is made of nothing else.
import type { AccountSnapshot } from '../account/account.ts';
import type { Posting } from '../transaction/transaction.ts';
import type { Instant } from '../value/instant.ts';
import type { Sequence } from '../value/id.ts';

/** The names of the personal fields, as the contract spells them. */
export type PersonalFieldName = 'display_name' | 'email' | 'metadata';

/** What happened. */
export type Change =
  | {
      readonly kind: 'account_created';
      readonly account: AccountSnapshot;
      readonly opening?: Posting;
    }
  | {
      readonly kind: 'account_updated';
      readonly account: AccountSnapshot;
      readonly changedFields: readonly PersonalFieldName[];
    }
  | {
      readonly kind: 'account_frozen' | 'account_unfrozen' | 'account_closed';
      readonly account: AccountSnapshot;
    }
  | { readonly kind: 'transaction_posted'; readonly posting: Posting };

/** One accepted change of a book. */
export interface BookEvent {
  readonly sequence: Sequence;
  readonly createdAt: Instant;
  /** The caller's key, where one was given. */
  readonly idempotencyKey?: string;
  readonly change: Change;
}

/** The posting of an event, if it moved credits. */
export function postingOf(event: BookEvent): Posting | undefined {
  const { change } = event;
  if (change.kind === 'transaction_posted') return change.posting;
  return change.kind === 'account_created' ? change.opening : undefined;
}
