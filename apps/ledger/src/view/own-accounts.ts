// The accounts that belong to the bearer of an access token.
import type { Book, LedgerReader, ReadAnswer } from '@scrip/engine';
import type { Account, AccountId, BookEvent, Sequence } from '@scrip/kernel';
import { RefusalError } from '../errors/refusal-error.ts';
import { accountIdsOf } from './redact-event.ts';
import type { ViewerScope } from './viewer.ts';

/** Where accounts are read. */
export type AccountsReader = Pick<LedgerReader, 'account' | 'accounts'>;

/** Accounts as they are at one sequence. */
export type OwnAccounts = { readonly accounts: readonly Account[]; readonly sequence: Sequence };

/** Tells which accounts of an event belong to the bearer, among others perhaps. */
export type OwnIdsOf = (event: BookEvent) => Promise<ReadonlySet<AccountId>>;

/** Accounts of one page: the most that the reader takes. */
const pageSize = 1000;

/** Reads the accounts of a scope. What else there is in the book is not asked for. */
export async function readOwnAccounts(
  reader: AccountsReader,
  book: Book,
  scope: ViewerScope,
): Promise<OwnAccounts> {
  return scope.kind === 'customer'
    ? readOfCustomer(reader, book, scope.customerId)
    : readOfList(reader, book, scope.accountIds);
}

/**
 * Makes the question whose accounts an event is about. An account never changes hands, so that the
 * list of a customer is read again only when an event tells of an account younger than the list.
 */
export function createOwnIdsOf(
  reader: AccountsReader,
  book: Book,
  scope: ViewerScope,
): OwnIdsOf {
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
    const { accounts, sequence } = await readOfCustomer(reader, book, scope.customerId);
    own = new Set(accounts.map(({ id }) => id));
    readAt = sequence;
    return own;
  };
}

async function readOfList(
  reader: AccountsReader,
  book: Book,
  accountIds: readonly AccountId[],
): Promise<OwnAccounts> {
  const answers = await Promise.all(
    accountIds.map((id) => reader.account(book, { kind: 'id', id })),
  );
  const accounts = answers.map((answer) => valueOf(answer));
  const sequence = Math.min(...answers.map((answer) => answer.sequence)) as Sequence;
  return { accounts, sequence };
}

// The first page is as old as the list: accounts that were made since are on none of them.
async function readOfCustomer(
  reader: AccountsReader,
  book: Book,
  customerId: string,
): Promise<OwnAccounts> {
  const accounts: Account[] = [];
  let sequence: Sequence | undefined;
  for (;;) {
    const last = accounts.at(-1);
    const cursor = last && ({ direction: 'after', id: last.id } as const);
    const page = { size: pageSize, ...(cursor && { cursor }) };
    const answer = await reader.accounts(book, { customerId, page, skip: 0, countTotal: false });
    const { items, hasMore } = valueOf(answer);
    sequence ??= answer.sequence;
    accounts.push(...items);
    if (!hasMore || items.length === 0) return { accounts, sequence };
  }
}

function valueOf<Value>(answer: ReadAnswer<Value>): Value {
  if (answer.kind === 'refused') throw new RefusalError(answer.refusal);
  return answer.value;
}
