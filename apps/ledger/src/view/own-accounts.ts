// Which accounts of an event belong to the bearer of an access token.
import type { Book, LedgerReader } from '@scrip/engine';
import { accountIdsOf, type AccountId, type BookEvent, type Sequence } from '@scrip/kernel';
import { RefusalError } from '../errors/refusal-error.ts';
import type { ViewerScope } from './viewer.ts';

/** Where the accounts of a customer are listed. */
export type AccountsReader = Pick<LedgerReader, 'accounts'>;

/** Tells the accounts of the bearer: of those that an event touches, none is left out. */
export type OwnIdsOf = (event: BookEvent) => Promise<ReadonlySet<AccountId>>;

/** Accounts of one page: the most that the reader takes. */
const pageSize = 1000;

/**
 * Makes the question for one stream. An account never changes hands, so that the list of a customer
 * is read again only when an event tells of an account that is younger than the list.
 */
export function createOwnIdsOf(reader: AccountsReader, book: Book, scope: ViewerScope): OwnIdsOf {
  if (scope.kind === 'accounts') {
    const listed = new Set(scope.accountIds);
    return async () => listed;
  }
  let own: ReadonlySet<AccountId> = new Set();
  let readAt = 0;
  const isUnsure = (id: AccountId): boolean =>
    !own.has(id) && (book.ids.accountPlace(id)?.sequence ?? 0) > readAt;
  return async (event) => {
    if (!accountIdsOf(event).some(isUnsure)) return own;
    const list = await readOfCustomer(reader, book, scope.customerId);
    own = list.ids;
    readAt = list.sequence;
    return own;
  };
}

// The list is as old as its first page: accounts that were made since are on none of the others.
async function readOfCustomer(
  reader: AccountsReader,
  book: Book,
  customerId: string,
): Promise<{ readonly ids: ReadonlySet<AccountId>; readonly sequence: Sequence }> {
  const ids = new Set<AccountId>();
  let last: AccountId | undefined;
  let sequence: Sequence | undefined;
  for (;;) {
    const page = {
      size: pageSize,
      ...(last && { cursor: { direction: 'after' as const, id: last } }),
    };
    const answer = await reader.accounts(book, { customerId, page, skip: 0, countTotal: false });
    if (answer.kind === 'refused') throw new RefusalError(answer.refusal);
    const { items, hasMore } = answer.value;
    for (const { id } of items) ids.add(id);
    sequence ??= answer.sequence;
    last = items.at(-1)?.id;
    if (!hasMore || last === undefined) return { ids, sequence };
  }
}
