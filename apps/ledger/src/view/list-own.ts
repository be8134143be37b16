// Pages of the few accounts that an access token lists, made as the reader makes those of a book.
import type { AccountsQuery, Book, CountedPage, ReadAnswer } from '@scrip/engine';
import { nameKey, present, type Account } from '@scrip/kernel';
import { noSequence } from './viewer.ts';

/** The page of these accounts that a query asks for, newest first. Its cursor must be known. */
export function listOwn(
  book: Book,
  accounts: readonly Account[],
  query: AccountsQuery,
): ReadAnswer<CountedPage<Account>> {
  const { page, skip, countTotal } = query;
  const placeOf = (id: string): number => book.ids.accountPlace(id)?.sequence ?? 0;
  const matching = accounts
    .filter((account) => isMatch(account, query))
    .toSorted((one, other) => placeOf(other.id) - placeOf(one.id));
  const isBackwards = page.cursor?.direction === 'before';
  const cursorPlace = page.cursor && placeOf(page.cursor.id);
  const beyond = matching.filter(({ id }) => {
    if (cursorPlace === undefined) return true;
    return isBackwards ? placeOf(id) > cursorPlace : placeOf(id) < cursorPlace;
  });
  const travelled = isBackwards ? beyond.toReversed() : beyond;
  const kept = travelled.slice(skip, skip + page.size);
  const value = {
    items: isBackwards ? kept.toReversed() : kept,
    hasMore: travelled.length > skip + page.size,
    ...present('totalSize', countTotal ? matching.length : undefined),
  };
  return { kind: 'read', value, sequence: noSequence };
}

function isMatch(account: Account, { customerId, name, status }: AccountsQuery): boolean {
  if (customerId !== undefined && account.customerId !== customerId) return false;
  if (name !== undefined && nameKey(account.name) !== nameKey(name)) return false;
  return status === undefined || account.status === status;
}
