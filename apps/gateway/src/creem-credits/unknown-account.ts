// Tells an unknown account from an unknown transaction, where the ledger looks the latter up first.
import type { CallOptions, ScripClient } from '@scrip/client';
import { ScripError } from '@scrip/client';
import type { accountRef } from './requests.ts';

type Refused = {
  readonly refusal: unknown;
  readonly ref: ReturnType<typeof accountRef>;
  readonly call: CallOptions;
};

/** Throws the refusal of the account when a transaction was not found on an unknown account. */
export async function refuseUnknownAccount(
  ledger: ScripClient,
  { refusal, ref, call }: Refused,
): Promise<void> {
  if (!hasReason(refusal, 'TRANSACTION_NOT_FOUND')) return;
  try {
    await ledger.getAccount({ account: ref }, call);
  } catch (error) {
    // A key that may not read, say, leaves the first refusal as it is.
    if (hasReason(error, 'ACCOUNT_NOT_FOUND')) throw error;
  }
}

function hasReason(error: unknown, reason: ScripError['reason']): boolean {
  return error instanceof ScripError && error.reason === reason;
}
