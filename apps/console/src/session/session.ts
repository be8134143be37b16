// A session: two streams and the pages of history, told to the page as changes of its state.
import type { ScripClient } from '@scrip/client';
import { ScripError } from '@scrip/client';
import { byName } from '../state/account-order.ts';
import type { StreamName } from '../state/connection.ts';
import type { AccountView, SessionChange } from '../state/state.ts';
import { describeFailure, isReplacement } from './failure-text.ts';
import { readAccounts, readEntries } from './read-pages.ts';
import { createStatusListener } from './stream-status.ts';
import { toBalanceChange, toEventChanges } from './views.ts';

/** What a session needs of the client. */
export type SessionLedger = Pick<
  ScripClient,
  'listAccounts' | 'listEntries' | 'watchBalances' | 'watchHistory'
>;

export type SessionOptions = {
  readonly ledger: SessionLedger;
  readonly tell: (change: SessionChange) => void;
  readonly now: () => number;
};

export type Session = {
  /** Shows another account; its history is read when it is looked at for the first time. */
  readonly select: (accountId: string) => void;
  /** Asks for the page behind an entry; for the newest one when none is named. */
  readonly readPage: (accountId: string, behindId?: string) => void;
  /** Ends both streams and whatever is on its way. */
  readonly end: () => void;
};

const replaced =
  'The ledger was restored to an earlier state. What you see was read anew, as it is now.';
/** How long to wait before accounts are asked for again that could not be read. */
const againMs = 1_000;

/** Begins a session. It goes on by itself until it is ended, or the ledger ends it for good. */
export function beginSession(options: SessionOptions): Session {
  const whole = new AbortController();
  const tell = (change: SessionChange): void => {
    if (!whole.signal.aborted) options.tell(change);
  };
  const pages = createPages({ ...options, tell }, whole.signal);
  void watch({ ...options, tell }, { pages, signal: whole.signal });
  return { ...pages, end: () => whole.abort() };
}

type Pages = Omit<Session, 'end'> & {
  /** Begins anew with these accounts: the same one is shown if it is still there. */
  readonly begin: (accounts: readonly AccountView[]) => void;
  /** Hears of an account; the first one of all is shown. */
  readonly meet: (account: AccountView) => void;
};

/** The pages of history: which were asked for, and whose is shown. */
function createPages({ ledger, tell }: SessionOptions, signal: AbortSignal): Pages {
  const asked = new Set<string>();
  let selectedId: string | undefined;
  const read = async (accountId: string, behindId?: string): Promise<void> => {
    tell({ kind: 'page_asked', accountId });
    const place = behindId === undefined ? 'newest' : 'older';
    const behind = behindId === undefined ? {} : { behindId };
    try {
      const page = await readEntries(ledger, { accountId, ...behind, signal });
      tell({ kind: 'page_read', accountId, place, page });
    } catch (thrown) {
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
    begin: (accounts) => {
      asked.clear();
      tell({ kind: 'accounts_listed', accounts });
      const first = accounts.find(({ id }) => id === selectedId) ?? accounts.toSorted(byName)[0];
      if (first !== undefined) select(first.id);
    },
    meet: ({ id }) => void (selectedId === undefined && select(id)),
  };
}

type Tools = { readonly pages: Pages; readonly signal: AbortSignal };

/** Watches until the session ends, beginning anew whenever the book was replaced. */
async function watch(options: SessionOptions, { pages, signal }: Tools): Promise<void> {
  while (!signal.aborted) {
    const round = new AbortController();
    const tools = { pages, signal: AbortSignal.any([signal, round.signal]) };
    try {
      await watchOnce(options, tools);
    } catch (thrown) {
      if (!isReplacement(thrown)) return endWith(thrown, options);
      options.tell({ kind: 'history_replaced', message: replaced });
    } finally {
      round.abort();
    }
  }
}

function endWith(thrown: unknown, { tell, now }: SessionOptions): void {
  tell({ kind: 'ended', message: describeFailure(thrown), atMs: now() });
}

/**
 * Both streams, and the accounts as soon as the history has begun: what happens after they were
 * read comes by the stream, so that nothing is missed between.
 */
async function watchOnce(options: SessionOptions, tools: Tools): Promise<void> {
  const begun = Promise.withResolvers<void>();
  const history = watchHistory(options, tools, begun.resolve);
  const accounts = begun.promise.then(() => readFirst(options, tools));
  await Promise.all([history, watchBalances(options, tools), accounts]);
}

async function watchHistory(
  { ledger, tell, now }: SessionOptions,
  { pages, signal }: Tools,
  onBegun: () => void,
): Promise<void> {
  const hear = (): void => tell({ kind: 'heard', atMs: now() });
  const onStatus = statusTeller('history', { tell, now });
  const items = ledger.watchHistory(
    { start: { case: 'now', value: {} } },
    {
      signal,
      onBookmark: hear,
      onState: (state, ...facts) => {
        onStatus(state, ...facts);
        if (state === 'catching_up') onBegun();
      },
    },
  );
  for await (const { event } of items) {
    hear();
    for (const change of toEventChanges(event)) {
      tell(change);
      if (change.kind === 'account_seen') pages.meet(change.account);
    }
  }
}

async function watchBalances(
  { ledger, tell, now }: SessionOptions,
  { signal }: Tools,
): Promise<void> {
  const onState = statusTeller('balances', { tell, now });
  for await (const item of ledger.watchBalances({}, { signal, onState })) {
    if (item.kind === 'balance') tell(toBalanceChange(item.balance));
  }
}

function statusTeller(stream: StreamName, { tell, now }: Pick<SessionOptions, 'tell' | 'now'>) {
  return createStatusListener(now, (status) =>
    tell({ kind: 'stream_moved', stream, status, nowMs: now() }),
  );
}

/** Reads the accounts, again and again while the ledger does not answer. */
async function readFirst({ ledger }: SessionOptions, { pages, signal }: Tools): Promise<void> {
  while (!signal.aborted) {
    try {
      return pages.begin(await readAccounts(ledger, signal));
    } catch (thrown) {
      if (signal.aborted) return;
      if (ScripError.from(thrown).code === 'unauthenticated') throw thrown;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}
