// The ledger's accounts as the Accounts API shows them.
import type { Account } from '@scrip/contract';
import { AccountStatus } from '@scrip/contract';
import type { Static } from 'typebox';
import { isoSeconds } from '../../instants.ts';
import { exactNumber } from '../../json/parse-json.ts';
import { toDeveloperId, toShownAccountId } from '../ids.ts';
import type { AccountSchema, BalanceSchema } from './schemas.ts';

export function presentAccount(account: Account, storeId: string): Static<typeof AccountSchema> {
  return {
    id: toShownAccountId(account.id),
    developerId: toDeveloperId(storeId),
    externalId: shownExternalId(account),
    name: account.displayName ?? null,
    email: account.email ?? null,
    balance: exactNumber(account.balance),
    metadata: account.metadata ?? null,
    ...statusOf(account),
    createdAt: isoSeconds(account.createdAt),
    updatedAt: isoSeconds(account.updatedAt),
  };
}

export function presentBalance(account: Account): Static<typeof BalanceSchema> {
  return {
    accountId: toShownAccountId(account.id),
    externalId: shownExternalId(account),
    balance: exactNumber(account.balance),
    reserved: exactNumber(account.held),
    available: exactNumber(account.available),
  };
}

/** The external id, else the customer's, which is the account's own id if it has no customer. */
export function shownExternalId({ id, externalId, customerId }: Account): string {
  return externalId ?? (customerId === id ? toShownAccountId(id) : customerId);
}

/** The status is an addition to the documented account, so it is shown only when it matters. */
function statusOf({ status }: Account): Pick<Static<typeof AccountSchema>, 'status'> {
  if (status === AccountStatus.FROZEN) return { status: 'frozen' };
  if (status === AccountStatus.CLOSED) return { status: 'closed' };
  return {};
}
