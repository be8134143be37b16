// The reads that the feed needs, on a journal in memory.
import { setImmediate } from 'node:timers/promises';
import {
  createBookState,
  instantFromMs,
  laterInstant,
  refuseUnknownAccount,
  settleAccounts,
} from '@scrip/kernel';
import { balanceViewOf, type Book, type LedgerReader } from '@scrip/engine';
import type { MemoryJournal } from './memory-journal.ts';

/** Reads accounts and balances. `delay` is awaited before an answer is made and after it. */
export function createMemoryFeedReader(
  journal: MemoryJournal,
  delay: () => Promise<unknown> = () => setImmediate(),
): Pick<LedgerReader, 'accounts' | 'balances'> {
  return {
    accounts: async (book, { customerId, page }) => {
      await delay();
      const { accounts, sequence, settledTo } = settledIn(journal, book);
      const found = accounts
        .filter((account) => customerId === undefined || account.customerId === customerId)
        .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
      const start = found.findIndex(({ id }) => id === page.cursor?.id) + 1;
      const items = found.slice(start, start + page.size);
      await delay();
      const hasMore = start + page.size < found.length;
      return { kind: 'read', value: { items, hasMore }, sequence, settledTo };
    },
    balances: async (book, refs) => {
      await delay();
      const { accounts, sequence, settledTo } = settledIn(journal, book);
      const found = refs.map((ref) =>
        accounts.find((account) =>
          ref.kind === 'id' ? account.id === ref.id : account.externalId === ref.externalId,
        ),
      );
      await delay();
      const unknown = refs[found.indexOf(undefined)];
      if (unknown !== undefined) {
        return { kind: 'refused', refusal: refuseUnknownAccount(unknown), sequence };
      }
      const known = found.filter((account) => account !== undefined);
      const value = known.map((each) => balanceViewOf(each, sequence));
      return { kind: 'read', value, sequence, settledTo };
    },
  };
}

/** The accounts of a book, with what is due on them by its clock. */
function settledIn(journal: MemoryJournal, book: Book) {
  const { accounts, units, sequence, lastInstant, clockOffsetMs } = journal.stored(book);
  const settledTo = laterInstant(lastInstant, instantFromMs(journal.now + clockOffsetMs));
  const state = createBookState(book, { sequence, instant: settledTo });
  for (const [id, account] of accounts) state.accounts.set(id, account);
  for (const [label, unit] of units) state.units.set(label, unit);
  const { state: settled } = settleAccounts(state, [...accounts.keys()]);
  const found = [...accounts.keys()].flatMap((id) => settled.accounts.get(id) ?? []);
  return { accounts: found, sequence, settledTo };
}
