// The accounts of a customer, as far as the feed needs them.
import type { Account, AccountId } from '@scrip/kernel';
import type { Book } from '../port/book.ts';
import type { CountedPage, LedgerReader, SettledAnswer } from '../port/reader.ts';
import { FeedError } from './feed-error.ts';
import { accountPageSize } from './feed-limits.ts';

/** What lists accounts. */
export type AccountsReader = Pick<LedgerReader, 'accounts'>;

/** The ids of all accounts of a customer, those that are closed included. */
export async function listAccountIds(
  reader: AccountsReader,
  book: Book,
  customerId: string,
): Promise<readonly AccountId[]> {
  const ids: AccountId[] = [];
  for (let last: Account | undefined; ;) {
    const { items, hasMore } = (await listAccounts(reader, book, { customerId, last })).value;
    for (const { id } of items) ids.push(id);
    last = items.at(-1);
    if (!hasMore || last === undefined) return ids;
  }
}

/** One page of the accounts of a customer, newest first, and the sequence that it reflects. */
export async function listAccounts(
  reader: AccountsReader,
  book: Book,
  { customerId, last }: { readonly customerId: string; readonly last?: Account | undefined },
): Promise<SettledAnswer<CountedPage<Account>> & { readonly kind: 'read' }> {
  const cursor = last && ({ direction: 'after', id: last.id } as const);
  const page = { size: accountPageSize, ...(cursor && { cursor }) };
  const answer = await reader.accounts(book, { customerId, page, skip: 0, countTotal: false });
  if (answer.kind === 'refused') throw new FeedError('refused', { refusal: answer.refusal });
  return answer;
}
