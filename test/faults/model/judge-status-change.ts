// Which changes of an account's status are refused.
import type { ModelAccount } from './book.ts';
import { refusal, type Refusal } from './verdict.ts';

export type StatusMethod = 'FreezeAccount' | 'UnfreezeAccount' | 'CloseAccount';

/** A state that is already there is refused, and so is any change of a closed account. */
export function judgeStatusChange(
  method: StatusMethod,
  account: ModelAccount | undefined,
): readonly Refusal[] {
  if (account === undefined) return [];
  const metadata = { account_id: account.id };
  if (account.status === 'closed') {
    const isClose = method === 'CloseAccount';
    return [refusal(isClose ? 'ACCOUNT_ALREADY_CLOSED' : 'ACCOUNT_CLOSED', metadata)];
  }
  if (method === 'FreezeAccount' && account.status === 'frozen') {
    return [refusal('ACCOUNT_ALREADY_FROZEN', metadata)];
  }
  if (method === 'UnfreezeAccount' && account.status === 'active') {
    return [refusal('ACCOUNT_NOT_FROZEN', metadata)];
  }
  return [];
}
