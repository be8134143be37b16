// What a read must answer when the book stands where the read found it.
import type { EntriesRequest, Read, TransactionsRequest } from '../history/call.ts';
import {
  findAccount,
  type ModelAccount,
  type ModelBook,
  type ModelEntry,
  type ModelTransaction,
} from './book.ts';
import { unknownAccounts } from './judge.ts';
import { toAccountAnswer, toBalanceAnswer, toEntryAnswer, toTransactionAnswer } from './present.ts';
import { refusal, type Refusal } from './verdict.ts';

/** `open` lets a list go on beyond what the model knows: to what stood in the book before. */
export type ReadVerdict =
  | { readonly kind: 'answered'; readonly answer: object; readonly open?: boolean }
  | { readonly kind: 'refused'; readonly anyOf: readonly Refusal[] };

/** Says what a read of the book, as it is now, must be answered. */
export function expectRead(book: ModelBook, read: Read): ReadVerdict {
  switch (read.method) {
    case 'GetHead':
      return answered(book.sequence === 0 ? {} : { sequence: String(book.sequence) });
    case 'GetAccount':
      return onAccount(book, read.request, (account) => ({ account: toAccountAnswer(account) }));
    case 'GetBalance':
      return onAccount(book, read.request, (account) => ({
        balance: toBalanceAnswer(account, book.sequence),
      }));
    case 'BatchGetBalances': {
      const { accounts: refs } = read.request;
      const anyOf = unknownAccounts(book, refs);
      if (anyOf.length > 0) return { kind: 'refused', anyOf };
      const accounts = refs.flatMap((ref) => findAccount(book, ref) ?? []);
      return answered({ balances: accounts.map((each) => toBalanceAnswer(each, book.sequence)) });
    }
    case 'ListEntries':
      return onAccount(book, read.request, (account) => entriesOf(account, read.request));
    case 'ListTransactions':
      return transactionsOf(book, read.request);
    case 'GetTransaction':
      return onTransaction(book.transactions.get(read.request.transactionId), {
        transaction: read.request.transactionId,
      });
    case 'GetTransactionByKey':
      return onTransaction(book.transactionsByKey.get(read.request.idempotencyKey), {});
  }
}

function answered(answer: object): ReadVerdict {
  return { kind: 'answered', answer };
}

function onAccount(
  book: ModelBook,
  { account: ref }: { readonly account: Parameters<typeof findAccount>[1] },
  answer: (account: ModelAccount) => object,
): ReadVerdict {
  const account = findAccount(book, ref);
  if (account === undefined) return { kind: 'refused', anyOf: unknownAccounts(book, [ref]) };
  return answered(answer(account));
}

function onTransaction(
  transaction: ModelTransaction | undefined,
  metadata: Refusal['metadata'],
): ReadVerdict {
  if (transaction !== undefined) return answered({ transaction: toTransactionAnswer(transaction) });
  return { kind: 'refused', anyOf: [refusal('TRANSACTION_NOT_FOUND', metadata)] };
}

function entriesOf(account: ModelAccount, request: EntriesRequest): object {
  const { pageSize, startingAfter } = request;
  const { entries } = account;
  const end = startingAfter === undefined ? entries.length : indexOfEntry(entries, startingAfter);
  const page = entries.slice(Math.max(0, end - pageSize), end).toReversed();
  return {
    ...(page.length === 0 ? {} : { entries: page.map((entry) => toEntryAnswer(account, entry)) }),
    ...(end > pageSize ? { hasMore: true } : {}),
  };
}

function indexOfEntry(entries: readonly ModelEntry[], id: string): number {
  return entries.findLastIndex((entry) => entry.id === id);
}

function transactionsOf(book: ModelBook, request: TransactionsRequest): ReadVerdict {
  const { reference, account: ref, pageSize } = request;
  if (ref !== undefined) {
    return onAccount(book, { account: ref }, ({ entries }) => {
      const last = entries.slice(-pageSize - 1).map(({ transaction }) => transaction);
      return pageOf(last, pageSize);
    });
  }
  if (reference === undefined) {
    return { ...answered(pageOf(book.transactionsInOrder, pageSize)), open: true } as ReadVerdict;
  }
  return answered(pageOf(book.transactionsByReference.get(reference) ?? [], pageSize));
}

function pageOf(transactions: readonly ModelTransaction[], pageSize: number): object {
  const page = transactions.slice(-pageSize).toReversed();
  return {
    ...(page.length === 0 ? {} : { transactions: page.map(toTransactionAnswer) }),
    ...(transactions.length > pageSize ? { hasMore: true } : {}),
  };
}
