// The pages of history of a round: which were asked for, and whose is shown.
import { ScripError } from '@scrip/client';
import { byName } from '../state/account-order.ts';
import type { AccountView } from '../state/state.ts';
import { describeFailure, isUnreachable } from './failure-text.ts';
import { type AccountPage, readEntries } from './read-pages.ts';
import type { SessionOptions } from './session-options.ts';

export type Pages = {
  /** Shows another account; its history is read when it is looked at for the first time. */
  readonly select: (accountId: string) => void;
  /** Asks for the page behind an entry; for the newest one when none is named. */
  readonly readPage: (accountId: string, behindId?: string) => void;
  /** Asks once more for the newest pages that did not come since nobody answered. */
  readonly readLost: () => void;
  /** Begins with these accounts: the one that was shown before is shown if it is still there. */
  readonly begin: (page: AccountPage) => void;
  /** Hears of an account; the first one of all is shown. */
  readonly meet: (account: AccountView) => void;
  /** Whose history is shown, if any is. */
  readonly selectedId: () => string | undefined;
};

export type PagesBefore = {
  /** What is on its way when it is aborted is forgotten. */
  readonly signal: AbortSignal;
  /** Whose history was shown in the round before. */
  readonly selectedId: string | undefined;
};

export function createPages({ ledger, tell }: SessionOptions, before: PagesBefore): Pages {
  const { signal } = before;
  const asked = new Set<string>();
  const lost = new Set<string>();
  let { selectedId } = before;
  const read = async (accountId: string, behindId?: string): Promise<void> => {
    lost.delete(accountId);
    tell({ kind: 'page_asked', accountId });
    const place = behindId === undefined ? 'newest' : 'older';
    const behind = behindId === undefined ? {} : { behindId };
    try {
      const page = await readEntries(ledger, { accountId, ...behind, signal });
      tell({ kind: 'page_read', accountId, place, page });
    } catch (thrown) {
      // The row that an older page is behind may be gone by then: whoever wants it asks again.
      const isNewest = behindId === undefined;
      if (isNewest && isUnreachable(ScripError.from(thrown))) lost.add(accountId);
      tell({ kind: 'page_failed', accountId, message: describeFailure(thrown) });
    }
  };
  const select = (accountId: string): void => {
    selectedId = accountId;
    tell({ kind: 'account_selected', accountId });
    if (!asked.has(accountId)) void read(accountId);
    asked.add(accountId);
  };
  return {
    select,
    readPage: (accountId, behindId) => void read(accountId, behindId),
    readLost: () => {
      for (const accountId of lost) void read(accountId);
    },
    begin: ({ accounts, hasMore }) => {
      tell({ kind: 'accounts_listed', accounts, hasMore });
      const shown = accounts.find(({ id }) => id === selectedId) ?? accounts.toSorted(byName)[0];
      // Without any the next one that is heard of is shown.
      selectedId = shown?.id;
      if (shown !== undefined) select(shown.id);
    },
    meet: ({ id }) => void (selectedId === undefined && select(id)),
    selectedId: () => selectedId,
  };
}
