// Reads of present accounts by their keys, the most frequent of all: the questions of many callers
// are one statement. An account on which something is due is read again, with its terms.
import type { BalanceView, Book, LedgerReader, ReadAnswer } from '@scrip/engine';
import {
  amountFromText,
  present,
  refuseUnknownAccount,
  type AccountRef,
  type Sequence,
} from '@scrip/kernel';
import { sql } from 'kysely';
import { accountColumns, fromAccountRow, type AccountRow } from '../mapping/account-row.ts';
import { fromMs, selectMs } from '../mapping/instant-column.ts';
import { createGather } from './gather.ts';
import { findAccountsWithDue, viewOf } from './read-accounts.ts';
import type { ReadContext } from './read-context.ts';
import { createSeek, type AsOf, type Seek, type Sight, type Sought } from './select-by-key.ts';

/** The reads of present accounts that a caller names. */
export interface AccountsByKey extends Pick<LedgerReader, 'account' | 'balances'> {
  readonly findAccounts: LedgerReader['findAccounts'];
  readonly balanceNow: (book: Book, ref: AccountRef) => Promise<ReadAnswer<BalanceView>>;
}

/** Makes the reads. What is asked of a book about single accounts is gathered. */
export function createAccountsByKey(context: ReadContext): AccountsByKey {
  const seekAccounts = createSeek(context.runPrepared, accounts);
  const seekViews = createSeek(context.runPrepared, views);
  const account = createGather(eachOf(seekAccounts));
  const view = createGather(eachOf(seekViews));
  const withDue = (book: Book, refs: readonly AccountRef[]) =>
    findAccountsWithDue(context, book, refs);
  const viewsWithDue = async (book: Book, refs: readonly AccountRef[]) => {
    const found = await withDue(book, refs);
    return { ...found, value: found.value.map((each) => each && viewOf(each, found.sequence)) };
  };
  return {
    findAccounts: async (book, refs) => {
      const found = await seekAccounts(book, refs);
      const { value, sequence } = isPlain(found) ? found : await withDue(book, refs);
      return { kind: 'read', value, sequence };
    },
    account: async (book, ref) => {
      const { value, sequence } = await account(book, ref);
      if (value !== 'due') return tell([ref], { value: [value], sequence }, firstOf);
      return tell([ref], await withDue(book, [ref]), firstOf);
    },
    balanceNow: async (book, ref) => {
      const { value, sequence } = await view(book, ref);
      if (value !== 'due') return tell([ref], { value: [value], sequence }, firstOf);
      return tell([ref], await viewsWithDue(book, [ref]), firstOf);
    },
    balances: async (book, refs) => {
      const found = await seekViews(book, refs);
      if (isPlain(found)) return tell(refs, found, allOf);
      const settled = await viewsWithDue(book, refs);
      return { ...tell(refs, settled, allOf), ...present('settledTo', settled.settledTo) };
    },
  };
}

const accounts: Sight<AccountRow, ReturnType<typeof fromAccountRow>> = {
  columns: accountColumns,
  read: (row, { ids }) => fromAccountRow(row, ids),
};

type ViewColumns = Pick<
  AccountRow,
  'id' | 'created_ms' | 'unit_label' | 'scale' | 'balance' | 'held' | 'balance_updated_ms'
>;

const views: Sight<ViewColumns, BalanceView> = {
  columns: sql<ViewColumns>`
    a.id, ${selectMs('a.created_at')} as created_ms, a.unit_label, u.scale, a.balance, a.held,
    ${selectMs('a.balance_updated_at')} as balance_updated_ms`,
  read: (row, { ids }, sequence) => ({
    accountId: ids.accountId(Number(row.id) as Sequence, fromMs(row.created_ms)),
    unit: { label: row.unit_label, scale: row.scale },
    balance: amountFromText(row.balance, row.scale),
    held: amountFromText(row.held, row.scale),
    updatedAt: fromMs(row.balance_updated_ms),
    sequence,
  }),
};

/** The answers of one statement, each by itself. */
function eachOf<Value>(seek: Seek<Value>) {
  return async (
    book: Book,
    refs: readonly AccountRef[],
  ): Promise<readonly AsOf<Sought<Value>>[]> => {
    const { value, sequence } = await seek(book, refs);
    return value.map((each) => ({ value: each, sequence }));
  };
}

type Known<Value> = AsOf<readonly (Value | undefined)[]>;

function isPlain<Value>(found: AsOf<readonly Sought<Value>[]>): found is Known<Value> {
  return !found.value.includes('due');
}

/** What was found, or the refusal of the first account that is unknown. */
function tell<Value, Told>(
  refs: readonly AccountRef[],
  { value, sequence }: Known<Value>,
  told: (values: readonly Value[]) => Told,
): ReadAnswer<Told> {
  const unknown = refs[value.indexOf(undefined)];
  if (unknown !== undefined) {
    return { kind: 'refused', refusal: refuseUnknownAccount(unknown), sequence };
  }
  return { kind: 'read', value: told(value as readonly Value[]), sequence };
}

function allOf<Value>(values: readonly Value[]): readonly Value[] {
  return values;
}

function firstOf<Value>(values: readonly Value[]): Value {
  return values[0] as Value;
}
