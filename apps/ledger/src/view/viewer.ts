// Who reads through an access token, and whose accounts they see.
import type { AccountId, Sequence } from '@scrip/kernel';

/** The accounts of a list, or all of one customer, those to come included. Never the whole book. */
export type ViewerScope =
  | { readonly kind: 'accounts'; readonly accountIds: readonly AccountId[] }
  | { readonly kind: 'customer'; readonly customerId: string };

/** The bearer of an access token. A call with an API key has no viewer. */
export type Viewer = {
  readonly scope: ViewerScope;
  /** From this instant, of real time, the token is refused and its streams end. Whole seconds. */
  readonly expiresAtMs: number;
};

/** What a viewer is told for every sequence: they would tell how much happens in the book. */
export const noSequence = 0 as Sequence;
