// How accounts that are kept in memory are loaded: the first of them, if they have very many terms.
import type { Account, AccountId } from '@scrip/kernel';
import type { LoadedAccounts } from '@scrip/engine';

/** The accounts up to the one whose terms pass a number, and the ids behind it. */
export function loadStored(
  stored: ReadonlyMap<AccountId, Account>,
  ids: readonly string[],
  termCountMax = Infinity,
): LoadedAccounts {
  const accounts: Account[] = [];
  let termCount = 0;
  for (const [index, id] of ids.entries()) {
    if (termCount > termCountMax) return { accounts, leftIds: ids.slice(index) };
    const account = stored.get(id as AccountId);
    if (account === undefined) continue;
    const { grants, holds, schedules } = account;
    accounts.push(account);
    termCount += grants.length + holds.length + schedules.length;
  }
  return { accounts, leftIds: [] };
}
