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
import type { BalanceView, HistoryEntry, Page } from '@scrip/engine';
import type { LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import type { Ask } from './read.ts';

export function balanceRpcs({ read }: LedgerParts) {
  const balance: Ask<BalanceQuery, BalanceView> = ({ reader, book }, query) =>
    reader.balance(book, query.account, query.point);
  const history: Ask<EntriesQuery, Page<HistoryEntry>> = ({ reader, book }, query) =>
    reader.entries(book, query.account, query.page);
  return {
    getBalance: async (request, context) => {
      const query = fromProtoGetBalanceRequest(request);
      const { value, sequence } = await read({ request, context }, query, balance);
      return { balance: toProtoBalance(value), sequence: toProtoSequence(sequence) };
    },
    batchGetBalances: async (request, context) => {
      const query = fromProtoBatchGetBalancesRequest(request);
      const { value, sequence } = await read(
        { request, context },
        query,
        ({ reader, book }, refs) => reader.balances(book, refs),
      );
      return { balances: value.map(toProtoBalance), sequence: toProtoSequence(sequence) };
    },
    listEntries: async (request, context) => {
      const query = fromProtoListEntriesRequest(request);
      const { value, sequence } = await read({ request, context }, query, history);
      const entries = value.items.map(toProtoHistoryEntry);
      return { entries, hasMore: value.hasMore, sequence: toProtoSequence(sequence) };
    },
  } satisfies Partial<LedgerRpcs>;
}
