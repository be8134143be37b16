// The RPCs that read balances and what made them.
import {
  fromProtoBatchGetBalancesRequest,
  fromProtoGetBalanceRequest,
  fromProtoListEntriesRequest,
  toProtoBalance,
  toProtoHistoryEntry,
  toProtoSequence,
  type BalanceQuery,
  type EntriesQuery,
} from '@scrip/codec';
import type { BalanceView, HistoryEntry, LedgerReader, Page } from '@scrip/engine';
import type { Unit } from '@scrip/kernel';
import { read, type Ask, type LedgerPorts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';

export function balanceRpcs({ reader }: LedgerPorts) {
  const balance: Ask<BalanceQuery, BalanceView> = (book, query) =>
    reader.balance(book, query.account, query.point);
  const history = createHistory(reader);
  return {
    getBalance: async (request, context) => {
      const { value, sequence } = await read(context, fromProtoGetBalanceRequest(request), balance);
      return { balance: toProtoBalance(value), sequence: toProtoSequence(sequence) };
    },
    batchGetBalances: async (request, context) => {
      const query = fromProtoBatchGetBalancesRequest(request);
      const { value, sequence } = await read(context, query, (book, refs) =>
        reader.balances(book, refs),
      );
      return { balances: value.map(toProtoBalance), sequence: toProtoSequence(sequence) };
    },
    listEntries: async (request, context) => {
      const query = fromProtoListEntriesRequest(request);
      const { value, sequence } = await read(context, query, history);
      const { items, hasMore, unit } = value;
      return {
        entries: items.map((entry) => toProtoHistoryEntry(entry, unit.scale)),
        hasMore,
        sequence: toProtoSequence(sequence),
      };
    },
  } satisfies Partial<LedgerRpcs>;
}

type History = Page<HistoryEntry> & { readonly unit: Unit };

// Entries do not tell their unit. The account does, and an account's unit never changes.
function createHistory(reader: LedgerReader): Ask<EntriesQuery, History> {
  return async (book, { account: ref, page }) => {
    const account = await reader.account(book, ref);
    if (account.kind === 'refused') return account;
    const entries = await reader.entries(book, ref, page);
    if (entries.kind === 'refused') return entries;
    return { ...entries, value: { ...entries.value, unit: account.value.unit } };
  };
}
