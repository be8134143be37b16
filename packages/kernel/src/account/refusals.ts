// Refusals about accounts that several decisions share.
import { refuse, type Refusal } from '../value/refusal.ts';
import type { Account, AccountRef } from './account.ts';

/** No such account in this book. The answer is the same for an account of another book. */
export function refuseUnknownAccount(ref: AccountRef): Refusal {
  const account = ref.kind === 'id' ? ref.id : ref.externalId;
  return refuse('ACCOUNT_NOT_FOUND', 'No such account.', { account });
}

/** Why credits cannot move on this account, if so. */
export function judgePostable(account: Account): Refusal | undefined {
  const metadata = { account_id: account.id };
  switch (account.status) {
    case 'active':
      return undefined;
    case 'frozen':
      return refuse('ACCOUNT_FROZEN', 'The account is frozen.', metadata);
    case 'closed':
      return refuse('ACCOUNT_CLOSED', 'The account is closed.', metadata);
  }
}
