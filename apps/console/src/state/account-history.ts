// The history of one account as far as the page has it: pages that were asked for and entries that
// came live are joined here, without a gap and without a repetition.

/** A line of an account's history. */
export type EntryRow = {
  readonly id: string;
  readonly accountId: string;
  readonly side: 'credit' | 'debit';
  readonly amount: string;
  readonly balanceAfter: string;
  readonly transactionId: string;
  readonly createdAtMs: number;
  /** Whether it came while the page was open. */
  readonly isLive: boolean;
};

export type AccountHistory = {
  /** Newest first. */
  readonly rows: readonly EntryRow[];
  readonly hasOlder: boolean;
  /** Whether a page is on its way, and whether the last one failed. */
  readonly page: 'loading' | 'loaded' | { readonly failure: string };
};

/** How many rows the page keeps of one account; older ones can be asked for again. */
export const rowCountMax = 1_000;

export const unloadedHistory: AccountHistory = { rows: [], hasOlder: false, page: 'loading' };

/** Adds an entry that just came. One that a page has brought already is known. */
export function addLive(history: AccountHistory, row: EntryRow): AccountHistory {
  if (history.rows.some(({ id }) => id === row.id)) return history;
  const rows = [row, ...history.rows];
  if (rows.length <= rowCountMax) return { ...history, rows };
  return { ...history, rows: rows.slice(0, rowCountMax), hasOlder: true };
}

/**
 * Puts the newest page in. It was read after the stream began, so that whatever it lacks came
 * live; and what came live and is not in it is newer than it.
 */
export function putNewestPage(history: AccountHistory, page: EntryPage): AccountHistory {
  const newer = without(history.rows, page.rows);
  return { rows: [...newer, ...page.rows], hasOlder: page.hasOlder, page: 'loaded' };
}

/** Puts a page behind the rows that are there. */
export function putOlderPage(history: AccountHistory, page: EntryPage): AccountHistory {
  const rows = [...history.rows, ...without(page.rows, history.rows)];
  return { rows, hasOlder: page.hasOlder, page: 'loaded' };
}

export type EntryPage = { readonly rows: readonly EntryRow[]; readonly hasOlder: boolean };

function without(rows: readonly EntryRow[], others: readonly EntryRow[]): readonly EntryRow[] {
  const ids = new Set(others.map(({ id }) => id));
  return rows.filter(({ id }) => !ids.has(id));
}
