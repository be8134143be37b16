// What a session makes of the ledger's answers, in which order it asks, and how it ends.
import { create } from '@bufbuild/protobuf';
import { createRouterTransport, ConnectError, Code } from '@connectrpc/connect';
import { createScripClient } from '@scrip/client';
import {
  ErrorDetailSchema,
  ErrorReason,
  LedgerService,
  EntrySide,
  WatchBalancesResponseSchema,
  WatchHistoryResponseSchema,
} from '@scrip/contract';
import type { WatchBalancesResponse, WatchHistoryResponse } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { changeState, signedOut } from '../state/change-state.ts';
import { statusOf } from '../state/connection.ts';
import type { SignedIn, State } from '../state/state.ts';
import { beginSession, type Session } from './session.ts';

type Answers = {
  /** The accounts at each time they are read; the last ones again and again. */
  readonly accountLists?: readonly (readonly (typeof account)[])[];
  /** The entry that a page has, by how many pages were asked for before; one by default. */
  readonly listEntries?: (count: number) => Promise<typeof entryBefore>;
  /** What each connection of the history does after it has begun. */
  readonly histories: readonly ((signal: AbortSignal) => AsyncGenerator<WatchHistoryResponse>)[];
  /** Hears where each of them was asked to start. */
  readonly onStart?: (start: string | undefined) => void;
  /** Hears of each state, with the session to act on. */
  readonly onState?: (state: SignedIn, session: Session) => void;
};

const position = { sequence: 5n };
const started = create(WatchHistoryResponseSchema, {
  message: { case: 'started', value: { position } },
});
const caughtUp = create(WatchHistoryResponseSchema, {
  message: { case: 'caughtUp', value: { position } },
});
const account = { id: 'cca_1', name: 'default', customerId: 'ada', balance: '10' };

const posted = (id: string, balanceAfter: string): WatchHistoryResponse =>
  create(WatchHistoryResponseSchema, {
    message: {
      case: 'events',
      value: {
        position: { sequence: 6n },
        events: [
          {
            sequence: 6n,
            createdAt: { seconds: 6n },
            change: {
              case: 'transactionPosted',
              value: {
                transaction: {
                  id: 'cct_6',
                  entries: [
                    {
                      id,
                      accountId: 'cca_1',
                      side: EntrySide.CREDIT,
                      amount: '5',
                      balanceAfter,
                    },
                  ],
                },
              },
            },
          },
        ],
      },
    },
  });

const created = (id: string): WatchHistoryResponse => {
  const change = { case: 'accountCreated', value: { account: { ...account, id } } } as const;
  const value = { position: { sequence: 7n }, events: [{ sequence: 7n, change }] };
  return create(WatchHistoryResponseSchema, { message: { case: 'events', value } });
};

const refusal = (code: Code, reason: ErrorReason): ConnectError =>
  new ConnectError('no', code, undefined, [{ desc: ErrorDetailSchema, value: { reason } }]);

/** Runs a session over a ledger of these answers, until the page shows what is waited for. */
async function run(
  { histories, onState, onStart, accountLists = [[account]], listEntries }: Answers,
  until: (state: SignedIn) => boolean,
): Promise<SignedIn> {
  let connection = 0;
  let listCount = 0;
  let pageCount = 0;
  const transport = createRouterTransport(({ service }) => {
    service(LedgerService, {
      listAccounts: () => ({
        accounts: [...(accountLists[listCount++] ?? accountLists.at(-1) ?? [])],
      }),
      listEntries: async () => {
        const entry = (await listEntries?.(pageCount++)) ?? entryBefore;
        return { entries: [entry], hasMore: false };
      },
      async *watchHistory({ start }, { signal }) {
        onStart?.(start.case);
        yield started;
        yield* histories[connection++]?.(signal) ?? [];
      },
      async *watchBalances(_request, { signal }) {
        yield* snapshot;
        await aborted(signal);
      },
    });
  });
  const ledger = createScripClient({ transport, reconnect: { delayMsFirst: 1 } });
  const shown = Promise.withResolvers<SignedIn>();
  let state: State = changeState(signedOut, { kind: 'signed_in', nowMs: 0 });
  const session = beginSession({
    ledger,
    now: () => 1_000,
    tell: (change) => {
      state = changeState(state, change);
      if (state.kind !== 'signed_in') return;
      if (until(state)) shown.resolve(state);
      onState?.(state, session);
    },
  });
  const result = await shown.promise;
  session.end();
  return result;
}

const entryBefore = {
  id: 'cce_5',
  accountId: 'cca_1',
  side: EntrySide.DEBIT,
  amount: '3',
  balanceAfter: '10',
  transactionId: 'cct_5',
  createdAt: { seconds: 5n },
};

const snapshot: readonly WatchBalancesResponse[] = [
  create(WatchBalancesResponseSchema, {
    message: {
      case: 'balance',
      value: { accountId: 'cca_1', balance: '15', held: '0', available: '15', sequence: 6n },
    },
  }),
  create(WatchBalancesResponseSchema, {
    message: { case: 'snapshotEnd', value: { position: { sequence: 6n } } },
  }),
];

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}

const rowsOf = ({ historiesByAccountId }: SignedIn): readonly string[] =>
  historiesByAccountId['cca_1']?.rows.map(({ id }) => id) ?? [];

describe('a session', () => {
  it('shows the account with its balance, its history and what comes live', async () => {
    const state = await run(
      {
        histories: [
          async function* (signal) {
            yield caughtUp;
            yield posted('cce_6', '15');
            await aborted(signal);
          },
        ],
      },
      (shown) => rowsOf(shown).length === 2 && shown.accounts?.[0]?.balance.balance === '15',
    );
    expect(rowsOf(state)).toEqual(['cce_6', 'cce_5']);
    expect(state.selectedId).toBe('cca_1');
    expect(state.connection).toEqual({
      streams: { history: { kind: 'live' }, balances: { kind: 'live' } },
      heardAtMs: 1_000,
    });
  });

  it('says that it reconnects, and goes on', async () => {
    const kinds = new Set<string>();
    const state = await run(
      {
        histories: [
          async function* () {
            yield caughtUp;
            throw new ConnectError('gone', Code.Unavailable);
          },
          async function* (signal) {
            yield posted('cce_6', '15');
            yield caughtUp;
            await aborted(signal);
          },
        ],
      },
      (shown) => {
        const { kind } = shown.connection.streams.history;
        const isBack = kinds.has('reconnecting') && kind === 'live';
        kinds.add(kind);
        return isBack && rowsOf(shown).length === 2;
      },
    );
    expect(rowsOf(state)).toEqual(['cce_6', 'cce_5']);
    expect(state.ending).toBeUndefined();
  });

  it('reads a page that failed while the ledger was away once it is back', async () => {
    const failed = Promise.withResolvers<void>();
    const failures: string[] = [];
    const state = await run(
      {
        histories: [
          async function* () {
            yield caughtUp;
            await failed.promise;
            throw new ConnectError('gone', Code.Unavailable);
          },
          async function* (signal) {
            yield caughtUp;
            await aborted(signal);
          },
        ],
        listEntries: async () => {
          if (failures.length === 0) throw new ConnectError('gone', Code.Unavailable);
          return entryBefore;
        },
        onState: ({ historiesByAccountId }) => {
          const page = historiesByAccountId['cca_1']?.page;
          if (typeof page !== 'object') return;
          failures.push(page.failure);
          failed.resolve();
        },
      },
      (shown) => failures.length > 0 && rowsOf(shown).length === 1,
    );
    expect(failures[0]).toMatch(/does not answer/);
    expect(state.historiesByAccountId['cca_1']?.page).toBe('loaded');
  });

  it('leaves a page alone that the ledger refused', async () => {
    const failed = Promise.withResolvers<void>();
    let askedCount = 0;
    const state = await run(
      {
        histories: [
          async function* () {
            yield caughtUp;
            await failed.promise;
            throw new ConnectError('gone', Code.Unavailable);
          },
          async function* (signal) {
            yield caughtUp;
            yield posted('cce_6', '15');
            await aborted(signal);
          },
        ],
        listEntries: async () => {
          askedCount++;
          throw refusal(Code.PermissionDenied, ErrorReason.SCOPE_MISSING);
        },
        onState: ({ historiesByAccountId }) => {
          if (typeof historiesByAccountId['cca_1']?.page === 'object') failed.resolve();
        },
      },
      (shown) => rowsOf(shown).includes('cce_6'),
    );
    expect(askedCount).toBe(1);
    expect(state.historiesByAccountId['cca_1']?.page).toEqual({
      failure: 'The key may not read the ledger.',
    });
  });

  it('begins anew when the book was restored to an earlier state, and says so', async () => {
    const state = await run(
      {
        histories: [
          async function* () {
            yield caughtUp;
            yield posted('cce_9', '99');
            throw refusal(Code.FailedPrecondition, ErrorReason.HISTORY_DIVERGED);
          },
          async function* (signal) {
            yield caughtUp;
            await aborted(signal);
          },
        ],
      },
      (shown) => shown.notice !== undefined && rowsOf(shown).length === 1,
    );
    expect(rowsOf(state)).toEqual(['cce_5']);
    expect(state.notice).toMatch(/restored to an earlier state/);
  });

  it('shows no page of a history that is gone, however late it comes', async () => {
    const asked = Promise.withResolvers<void>();
    const late = Promise.withResolvers<typeof entryBefore>();
    const state = await run(
      {
        histories: [
          async function* () {
            yield caughtUp;
            await asked.promise;
            throw refusal(Code.FailedPrecondition, ErrorReason.HISTORY_DIVERGED);
          },
          async function* (signal) {
            yield caughtUp;
            await late.promise;
            // Long enough for an answer within the process.
            for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
            yield posted('cce_6', '15');
            await aborted(signal);
          },
        ],
        listEntries: async (count) => {
          asked.resolve();
          return count === 0 ? late.promise : entryBefore;
        },
        onState: ({ notice, historiesByAccountId }) => {
          const isReadAnew = historiesByAccountId['cca_1']?.page === 'loaded';
          if (notice !== undefined && isReadAnew) late.resolve({ ...entryBefore, id: 'cce_gone' });
        },
      },
      (shown) => rowsOf(shown).includes('cce_6'),
    );
    expect(rowsOf(state)).toEqual(['cce_6', 'cce_5']);
  });

  it('shows the next account when the one that it showed is gone with its history', async () => {
    const listedAgain = Promise.withResolvers<void>();
    const state = await run(
      {
        accountLists: [[account], []],
        histories: [
          async function* () {
            yield caughtUp;
            yield posted('cce_9', '99');
            throw refusal(Code.FailedPrecondition, ErrorReason.HISTORY_DIVERGED);
          },
          async function* (signal) {
            yield caughtUp;
            await listedAgain.promise;
            yield created('cca_2');
            await aborted(signal);
          },
        ],
        onState: ({ notice, accounts }) => {
          if (notice !== undefined && accounts?.length === 0) listedAgain.resolve();
        },
      },
      (shown) => shown.accounts?.[0]?.id === 'cca_2' && shown.selectedId !== undefined,
    );
    expect(state.selectedId).toBe('cca_2');
  });

  it('lets its streams go while it is paused, and goes on behind what it has seen', async () => {
    const starts: (string | undefined)[] = [];
    const kinds: string[] = [];
    const state = await run(
      {
        histories: [
          async function* (signal) {
            yield caughtUp;
            await aborted(signal);
          },
          async function* (signal) {
            yield posted('cce_6', '15');
            yield caughtUp;
            await aborted(signal);
          },
        ],
        onStart: (start) => starts.push(start),
        onState: ({ connection }, session) => {
          const { kind } = statusOf(connection);
          if (kinds.at(-1) === kind) return;
          kinds.push(kind);
          if (kind === 'live') session.pause();
          if (kind === 'paused') session.resume();
        },
      },
      (shown) => kinds.includes('paused') && rowsOf(shown).length === 2,
    );
    expect(rowsOf(state)).toEqual(['cce_6', 'cce_5']);
    expect(starts).toEqual(['now', 'after']);
  });

  it('ends with a sentence when the key is revoked', async () => {
    const state = await run(
      {
        histories: [
          async function* () {
            yield caughtUp;
            throw refusal(Code.Unauthenticated, ErrorReason.KEY_UNKNOWN);
          },
        ],
      },
      (shown) => shown.ending !== undefined,
    );
    expect(state.ending).toEqual({
      message: 'The key or token is not known to the ledger, or it was revoked.',
      atMs: 1_000,
    });
  });
});
