// Which accounts an event touches: what the filters of the feed go by.
import { postingOf, type AccountId, type BookEvent } from '@scrip/kernel';

/** The accounts of an event, some of them perhaps more than once. System accounts are none. */
export function touchedAccountIds(event: BookEvent): readonly AccountId[] {
  const { change } = event;
  if (change.kind !== 'transaction_posted') return [change.account.id];
  return (postingOf(event)?.transaction.entries ?? []).map(({ accountId }) => accountId);
}
