// The book as the bearer of an access token reads it: their accounts, and nothing beside.
import {
  balanceViewOf,
  type AccountsQuery,
  type Book,
  type CountedPage,
  type LedgerReader,
  type PageRequest,
  type ReadAnswer,
} from '@scrip/engine';
import { assert, refuseUnknownAccount, type Account, type AccountRef } from '@scrip/kernel';
import { listOwn } from './list-own.ts';
import type { ViewerScope } from './viewer.ts';

/** Names nothing in any book, in the place of what is not for the bearer to know. */
const unknownId = '';

/**
 * Narrows a reader to the accounts of a scope. What belongs to others is refused as what does not
 * exist: in the same words, and after the same questions, so that the time tells no more.
 */
export function narrowReader(reader: LedgerReader, scope: ViewerScope): LedgerReader {
  const find = createFind(reader, scope);
  const resolve = async (
    book: Book,
    refs: readonly AccountRef[],
  ): Promise<ReadAnswer<readonly Account[]>> => {
    const found = await find(book, refs);
    if (found.kind === 'refused') return found;
    const unknown = found.value.indexOf(undefined);
    if (unknown === -1) return { ...found, value: found.value as readonly Account[] };
    const refusal = refuseUnknownAccount(refs[unknown] as AccountRef);
    return { kind: 'refused', refusal, sequence: found.sequence };
  };
  const resolveOne = async (book: Book, ref: AccountRef): Promise<ReadAnswer<Account>> => {
    const found = await resolve(book, [ref]);
    return found.kind === 'refused' ? found : { ...found, value: found.value[0] as Account };
  };
  return {
    ...beyondTokens,
    findAccounts: find,
    account: resolveOne,
    accounts: (book, query) => listAccounts({ reader, scope, find }, book, query),
    balances: async (book, refs) => {
      const found = await resolve(book, refs);
      if (found.kind === 'refused') return found;
      return { ...found, value: found.value.map((each) => balanceViewOf(each, found.sequence)) };
    },
    balance: async (book, ref, point) => {
      const found = await resolveOne(book, ref);
      if (found.kind === 'refused') return found;
      if (point.kind !== 'now') return reader.balance(book, byId(found.value), point);
      return { ...found, value: balanceViewOf(found.value, found.sequence) };
    },
    // Entries of others are unknown cursors in a list of one account.
    entries: async (book, ref, page) => {
      const found = await resolveOne(book, ref);
      return found.kind === 'refused' ? found : reader.entries(book, byId(found.value), page);
    },
  };
}

type Find = LedgerReader['findAccounts'];

/** Finds accounts of the scope alone: the others leave the same gap as those that are not there. */
function createFind(reader: Pick<LedgerReader, 'findAccounts'>, scope: ViewerScope): Find {
  const listed = new Set(scope.kind === 'accounts' ? scope.accountIds : []);
  const isOwn = ({ id, customerId }: Account): boolean =>
    scope.kind === 'accounts' ? listed.has(id) : customerId === scope.customerId;
  return async (book, refs) => {
    const found = await reader.findAccounts(book, refs);
    if (found.kind === 'refused') return found;
    const own = found.value.map((each) => (each !== undefined && isOwn(each) ? each : undefined));
    return { ...found, value: own };
  };
}

type Narrowing = {
  readonly reader: LedgerReader;
  readonly scope: ViewerScope;
  readonly find: Find;
};

async function listAccounts(
  { reader, scope, find }: Narrowing,
  book: Book,
  query: AccountsQuery,
): Promise<ReadAnswer<CountedPage<Account>>> {
  const page = await withOwnCursor(find, book, query.page);
  if (scope.kind === 'customer' && (query.customerId ?? scope.customerId) === scope.customerId) {
    return reader.accounts(book, { ...query, customerId: scope.customerId, page });
  }
  if (page.cursor?.id === unknownId) return reader.accounts(book, { ...query, page });
  // The accounts of another customer are none, whether they are there or not.
  if (scope.kind === 'customer') return listOwn(book, [], query);
  const found = await find(
    book,
    scope.accountIds.map((id) => ({ kind: 'id', id })),
  );
  if (found.kind === 'refused') return found;
  return listOwn(
    book,
    found.value.filter((each) => each !== undefined),
    query,
  );
}

/** The page, whose cursor is unknown unless it is an account of the bearer. */
async function withOwnCursor(find: Find, book: Book, page: PageRequest): Promise<PageRequest> {
  if (page.cursor === undefined) return page;
  const found = await find(book, [{ kind: 'id', id: page.cursor.id }]);
  const isOwn = found.kind === 'read' && found.value[0] !== undefined;
  return isOwn ? page : { ...page, cursor: { ...page.cursor, id: unknownId } };
}

function byId({ id }: Account): AccountRef {
  return { kind: 'id', id };
}

async function refuseToRead(): Promise<never> {
  assert(false, 'access tokens are let in to no such read');
}

const beyondTokens = {
  head: refuseToRead,
  transaction: refuseToRead,
  transactionByKey: refuseToRead,
  transactions: refuseToRead,
} satisfies Partial<LedgerReader>;
