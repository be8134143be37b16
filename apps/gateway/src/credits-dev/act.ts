// What the calls of this API share: keys of intentions, and how things are named and looked for.
import { ScripError, type ScripErrorReason } from '@scrip/client';
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

/** An answer; nothing for an id that names nothing or that cannot be one, being too long. */
export async function unlessUnknown<Answer>(
  answer: Promise<Answer>,
  reason: ScripErrorReason,
): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ScripError)) throw error;
    if (error.reason === reason || error.code === 'invalid_argument') return undefined;
    throw error;
  }
}
