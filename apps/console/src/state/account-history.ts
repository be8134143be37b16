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
  /** Whether it is news: it came while the account was shown. */
  readonly isLive: boolean;
};

export type AccountHistory = {
  /** Newest first. */
  readonly rows: readonly EntryRow[];
  readonly hasOlder: boolean;
  /** Whether a page is on its way, and whether the last one failed. */
  readonly page: 'loading' | 'loaded' | { readonly failure: string };
};

/**
 * How many rows the page keeps of one account by itself, and more where somebody has asked for
 * more. Older ones can be asked for again.
 */
export const rowCountMax = 1_000;

export const unloadedHistory: AccountHistory = { rows: [], hasOlder: false, page: 'loading' };

/**
 * Adds an entry that just came. One that a page has brought already is known; and a page that was
 * ahead of the stream may have left it behind. The last row makes room for it, unless a page is on
 * its way, which goes on behind that row.
 */
export function addLive(history: AccountHistory, row: EntryRow): AccountHistory {
  if (history.rows.some(({ id }) => id === row.id)) return history;
  if (!isAbove(history, row)) return history;
  const rows = [row, ...history.rows];
  if (rows.length <= rowCountMax || history.page === 'loading') return { ...history, rows };
  const kept = Math.max(rowCountMax, history.rows.length);
  return { ...history, rows: rows.slice(0, kept), hasOlder: true };
}

/** Puts the newest page in. It was read after the stream began: whatever is newer comes live. */
export function putNewestPage(history: AccountHistory, page: EntryPage): AccountHistory {
  const newer = without(history.rows, page.rows).filter((row) => isAbove(page, row));
  return { rows: [...newer, ...page.rows], hasOlder: page.hasOlder, page: 'loaded' };
}

/** Puts a page behind the rows that are there. */
export function putOlderPage(history: AccountHistory, page: EntryPage): AccountHistory {
  const rows = [...history.rows, ...without(page.rows, history.rows)];
  return { rows, hasOlder: page.hasOlder, page: 'loaded' };
}

/** The same rows, none of them news. */
export function settle(history: AccountHistory): AccountHistory {
  return { ...history, rows: history.rows.map((row) => ({ ...row, isLive: false })) };
}

export type EntryPage = { readonly rows: readonly EntryRow[]; readonly hasOlder: boolean };

/**
 * Whether an entry that is not on a page belongs above it. A page has no holes, so that an entry
 * younger than its end does. One instant has many entries; only where it fills the whole page is
 * this a guess, which can cost the order of its rows and no row.
 */
function isAbove({ rows, hasOlder }: EntryPage, row: EntryRow): boolean {
  const [newest, oldest] = [rows[0], rows.at(-1)];
  if (!hasOlder || newest === undefined || oldest === undefined) return true;
  return row.createdAtMs > oldest.createdAtMs || row.createdAtMs === newest.createdAtMs;
}

function without(rows: readonly EntryRow[], others: readonly EntryRow[]): readonly EntryRow[] {
  const ids = new Set(others.map(({ id }) => id));
  return rows.filter(({ id }) => !ids.has(id));
}
