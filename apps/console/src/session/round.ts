// A round of a session: one look at one history of the book, from its accounts on, over as many
// pauses as there are.
import { type BalancesRequest, ScripError } from '@scrip/client';
import type { FeedPosition } from '@scrip/contract';
import type { StreamName } from '../state/connection.ts';
import type { AccountView, SessionChange } from '../state/state.ts';
import { isBeyondStream } from './failure-text.ts';
import { createPages, type Pages } from './pages.ts';
import { readAccounts } from './read-pages.ts';
import type { SessionOptions } from './session-options.ts';
import { createStatusListener } from './stream-status.ts';
import { toBalanceChange, toEventChanges } from './views.ts';

export type Round = Pick<Pages, 'select' | 'readPage' | 'selectedId'> & {
  /**
   * Watches both streams until the signal is aborted, and then ends quietly. Called again, it goes
   * on behind what it has seen. Throws the ledger's refusal.
   */
  readonly watch: (signal: AbortSignal) => Promise<void>;
  /** Ends it for good: what is on its way, pages as well, is told to nobody. */
  readonly end: () => void;
};

type Memory = {
  /** Behind what was seen of the history. */
  position: FeedPosition | undefined;
  hasAccounts: boolean;
  /** The accounts that are shown, where there are more than a stream watches. */
  named: BalancesRequest | undefined;
};

/** How long to wait before accounts are asked for again that could not be read. */
const againMs = 1_000;

/** Makes a round that shows, at first, the account that was shown before. */
export function createRound(outer: SessionOptions, selectedId?: string): Round {
  const ended = new AbortController();
  const tell = (change: SessionChange): void => {
    if (!ended.signal.aborted) outer.tell(change);
  };
  const options = { ...outer, tell };
  const pages = createPages(options, { signal: ended.signal, selectedId });
  const memory: Memory = { position: undefined, hasAccounts: false, named: undefined };
  const tools = { ...options, pages, memory };
  return {
    ...pages,
    end: () => ended.abort(),
    /** What happens after the accounts were read comes by the stream, which has begun before. */
    watch: async (attempt) => {
      const signal = AbortSignal.any([attempt, ended.signal]);
      const begun = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => begun.resolve());
      const history = watchHistory(tools, signal, begun.resolve);
      const accounts = begun.promise.then(() => readFirst(tools, signal));
      await Promise.all([history, watchBalances(tools, signal), accounts]);
    },
  };
}

type Tools = SessionOptions & { readonly pages: Pages; readonly memory: Memory };

async function watchHistory(
  { ledger, tell, now, pages, memory }: Tools,
  signal: AbortSignal,
  onBegun: () => void,
): Promise<void> {
  const hear = (position: FeedPosition): void => {
    memory.position = position;
    tell({ kind: 'heard', atMs: now() });
  };
  const onStatus = statusTeller('history', { tell, now });
  const items = ledger.watchHistory(
    {
      start: memory.position
        ? { case: 'after', value: memory.position }
        : { case: 'now', value: {} },
    },
    {
      signal,
      onBookmark: hear,
      onState: (state, ...facts) => {
        onStatus(state, ...facts);
        if (state !== 'catching_up') return;
        onBegun();
        pages.readLost();
      },
    },
  );
  for await (const { event, position } of items) {
    for (const change of toEventChanges(event)) {
      tell(change);
      if (change.kind === 'account_seen') pages.meet(change.account);
    }
    hear(position);
  }
}

/** Watches all accounts, those to come as well; by name where they are too many for that. */
async function watchBalances(tools: Tools, signal: AbortSignal): Promise<void> {
  const { memory } = tools;
  try {
    return await followBalances(tools, memory.named ?? {}, signal);
  } catch (thrown) {
    if (!isBeyondStream(thrown)) throw thrown;
  }
  // Read anew: since they were read there may have come more.
  memory.hasAccounts = false;
  await readFirst(tools, signal);
  await followBalances(tools, memory.named ?? {}, signal);
}

async function followBalances(
  { ledger, tell, now }: Tools,
  request: BalancesRequest,
  signal: AbortSignal,
): Promise<void> {
  const onState = statusTeller('balances', { tell, now });
  for await (const item of ledger.watchBalances(request, { signal, onState })) {
    if (item.kind === 'balance') tell(toBalanceChange(item.balance));
  }
}

function statusTeller(stream: StreamName, { tell, now }: Pick<SessionOptions, 'tell' | 'now'>) {
  return createStatusListener(now, (status) =>
    tell({ kind: 'stream_moved', stream, status, nowMs: now() }),
  );
}

/** Reads the accounts, again and again while the ledger does not answer. */
async function readFirst({ ledger, pages, memory }: Tools, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !memory.hasAccounts) {
    try {
      const page = await readAccounts(ledger, signal);
      pages.begin(page);
      memory.hasAccounts = true;
      if (page.hasMore) memory.named = { accounts: page.accounts.map(toRef) };
    } catch (thrown) {
      if (signal.aborted) return;
      if (ScripError.from(thrown).code === 'unauthenticated') throw thrown;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}

function toRef({ id }: AccountView) {
  return { ref: { case: 'id', value: id } } as const;
}
