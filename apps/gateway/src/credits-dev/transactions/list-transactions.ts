// Reads a page of transactions by offset, whole, whatever its transactions weigh.
import type { CallOptions, ScripClient } from '@scrip/client';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListTransactionsRequestSchema, Transaction } from '@scrip/contract';

type Filters = Pick<
  MessageInitShape<typeof ListTransactionsRequestSchema>,
  'account' | 'createdFrom' | 'createdBefore'
>;
type Page = { readonly limit: number; readonly offset: number };

export type TransactionPage = {
  readonly transactions: readonly Transaction[];
  readonly hasMore: boolean;
  readonly totalCount: number;
};

/** The ledger ends a heavy page early; what it left out is asked for again. */
export async function listTransactions(
  ledger: ScripClient,
  { filters, page }: { readonly filters: Filters; readonly page: Page },
  call: CallOptions,
): Promise<TransactionPage> {
  const asked = { ...filters, pageSize: page.limit, skip: page.offset, countTotal: true };
  const first = await ledger.listTransactions(asked, call);
  const transactions = [...first.transactions];
  let { hasMore } = first;
  while (hasMore && transactions.length < page.limit) {
    const last = transactions.at(-1);
    if (last === undefined) break;
    const cursor = { case: 'startingAfter' as const, value: last.id };
    const rest = { ...filters, pageSize: page.limit - transactions.length, cursor };
    const next = await ledger.listTransactions(rest, call);
    transactions.push(...next.transactions);
    hasMore = next.hasMore;
  }
  return { transactions, hasMore, totalCount: Number(first.totalSize ?? 0n) };
}
