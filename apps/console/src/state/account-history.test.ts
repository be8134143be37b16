// What a page of entries and the live ones make together.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountHistory, EntryRow } from './account-history.ts';
import {
  addLive,
  putNewestPage,
  putOlderPage,
  rowCountMax,
  unloadedHistory,
} from './account-history.ts';

const row = (number: number, isLive = false): EntryRow => ({
  id: `cce_${number}`,
  accountId: 'cca_1',
  side: 'credit',
  amount: '1',
  balanceAfter: String(number),
  transactionId: `cct_${number}`,
  // Two entries in each instant.
  createdAtMs: Math.ceil(number / 2),
  isLive,
});

/** The entries from one number down to another, as the ledger lists them. */
const listed = (newest: number, oldest: number): readonly EntryRow[] =>
  Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) => row(newest - index));

const idsOf = ({ rows }: AccountHistory): readonly string[] => rows.map(({ id }) => id);

describe('the history of an account', () => {
  it('shows each entry once, newest first, however pages and live entries interleave', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 8 }),
        fc.nat({ max: 8 }),
        fc.nat({ max: 8 }),
        (before, readAt, more) => {
          // So many entries are there when the stream begins; the page is read later, and the
          // stream has come some way by then, behind the page or ahead of it.
          const total = before + readAt + more;
          for (let heard = before; heard <= total; heard += 1) {
            let history = unloadedHistory;
            for (let n = before + 1; n <= heard; n += 1) history = addLive(history, row(n, true));
            const oldest = Math.max(1, before + readAt - 4);
            const rows = listed(before + readAt, oldest);
            history = putNewestPage(history, { rows, hasOlder: oldest > 1 });
            for (let n = heard + 1; n <= total; n += 1) history = addLive(history, row(n, true));
            expect(idsOf(history)).toEqual(listed(total, oldest).map(({ id }) => id));
          }
        },
      ),
    );
  });

  it('goes on below with an older page', () => {
    const newest = putNewestPage(unloadedHistory, { rows: listed(9, 6), hasOlder: true });
    const history = putOlderPage(newest, { rows: listed(5, 1), hasOlder: false });
    expect(idsOf(history)).toEqual(listed(9, 1).map(({ id }) => id));
    expect(history).toMatchObject({ hasOlder: false, page: 'loaded' });
  });

  it('keeps so many rows, and says that there are older ones', () => {
    const full = putNewestPage(unloadedHistory, { rows: listed(rowCountMax, 1), hasOlder: false });
    const history = addLive(full, row(rowCountMax + 1, true));
    expect(history.rows).toHaveLength(rowCountMax);
    expect(history.rows[0]?.id).toBe(`cce_${rowCountMax + 1}`);
    expect(history.hasOlder).toBe(true);
  });

  it('leaves no row out where one comes while an older page is on its way', () => {
    const newest = { rows: listed(rowCountMax + 9, 10), hasOlder: true };
    const full = putNewestPage(unloadedHistory, newest);
    const asking = addLive({ ...full, page: 'loading' }, row(rowCountMax + 10, true));
    const history = putOlderPage(asking, { rows: listed(9, 1), hasOlder: false });
    expect(idsOf(history)).toEqual(listed(rowCountMax + 10, 1).map(({ id }) => id));
  });

  it('lets a row that comes take the place of the last one alone, however many are read', () => {
    const newest = { rows: listed(rowCountMax + 9, 10), hasOlder: true };
    const full = putNewestPage(unloadedHistory, newest);
    const read = putOlderPage(full, { rows: listed(9, 1), hasOlder: false });
    const history = addLive(read, row(rowCountMax + 10, true));
    expect(idsOf(history)).toEqual(listed(rowCountMax + 10, 2).map(({ id }) => id));
    expect(history.hasOlder).toBe(true);
  });
});
