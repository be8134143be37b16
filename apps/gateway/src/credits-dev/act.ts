// What the calls of this API share: keys of intentions, and references to accounts.
import type { Account } from '@scrip/contract';
import { newRequestId } from '@scrip/runtime';

type Headers = { readonly 'idempotency-key'?: string };

/** The caller's key of an intention. Without one each request is a new act, under a key of ours. */
export function keyOf(headers: Headers): string {
  return headers['idempotency-key'] ?? newRequestId();
}

/** The account as a request of the ledger names it. */
export function refOf({ id }: Pick<Account, 'id'>) {
  return { ref: { case: 'id' as const, value: id } };
}
