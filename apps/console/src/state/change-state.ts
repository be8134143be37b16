// How the page's state changes: one pure function from a state and a change to the next state.
import type { AccountHistory, EntryRow } from './account-history.ts';
import {
  addLive,
  putNewestPage,
  putOlderPage,
  settle,
  unloadedHistory,
} from './account-history.ts';
import { groupAmount } from './amount-text.ts';
import { byName } from './account-order.ts';
import { statusOf, unconnected } from './connection.ts';
import type {
  AccountView,
  BalanceView,
  Change,
  SessionChange,
  SignedIn,
  SignedOut,
  State,
} from './state.ts';

/** How long a balance stays as it was read aloud, at least. */
const spokenMsMin = 5_000;

export const signedOut: SignedOut = { kind: 'signed_out', isBusy: false };

/** Gives the next state; the same object when nothing changes that the page shows. */
export function changeState(state: State, change: Change): State {
  switch (change.kind) {
    case 'signing_in':
      return { kind: 'signed_out', isBusy: true };
    case 'sign_in_failed':
      return { kind: 'signed_out', isBusy: false, failure: change.message };
    case 'signed_in':
      return signIn(change);
    case 'signed_out':
      return { ...signedOut, hasLeft: true };
    default:
      // What is left of a session that was signed out changes nothing.
      return state.kind === 'signed_in' ? changeSession(state, change) : state;
  }
}

function signIn(facts: Pick<SignedIn, 'nowMs' | 'customerId' | 'mode'>): SignedIn {
  const { nowMs, customerId, mode } = facts;
  return {
    kind: 'signed_in',
    ...(customerId === undefined ? {} : { customerId }),
    ...(mode === undefined ? {} : { mode }),
    connection: unconnected,
    hasMoreAccounts: false,
    nowMs,
    earlyBalances: {},
    historiesByAccountId: {},
  };
}

function changeSession(state: SignedIn, change: SessionChange): SignedIn {
  switch (change.kind) {
    case 'accounts_listed':
      return listAccounts(state, change);
    case 'account_seen':
      return seeAccount(state, change.account);
    case 'balance_seen':
      return seeBalance(state, change.accountId, change.balance);
    case 'entry_seen':
      return seeEntry(state, change.row);
    case 'account_selected':
      return select(state, change.accountId);
    case 'page_asked':
    case 'page_read':
    case 'page_failed':
      return changePage(state, change);
    case 'stream_moved':
    case 'heard':
      return changeConnection(state, change);
    case 'time_passed':
      return passTime(state, change.nowMs);
    case 'history_replaced':
      return { ...signIn(state), notice: change.message };
    case 'ended':
      return { ...state, ending: { message: change.message, atMs: change.atMs } };
  }
}

/** Where there are more than these, only those are shown whose balances are watched. */
function listAccounts(
  state: SignedIn,
  { accounts, hasMore }: Extract<SessionChange, { kind: 'accounts_listed' }>,
): SignedIn {
  const ids = new Set(accounts.map(({ id }) => id));
  const others = hasMore ? [] : (state.accounts?.filter(({ id }) => !ids.has(id)) ?? []);
  const listed = accounts.map((account) => withKnownBalance(state, account));
  const shown = [...others, ...listed].toSorted(byName);
  return { ...state, accounts: shown, hasMoreAccounts: hasMore };
}

function seeAccount(state: SignedIn, account: AccountView): SignedIn {
  const { accounts = [], hasMoreAccounts } = state;
  const others = accounts.filter(({ id }) => id !== account.id);
  // Nobody watches the balance of one that comes when there are too many already.
  if (hasMoreAccounts && others.length === accounts.length) return state;
  const seen = withKnownBalance(state, account);
  return { ...state, accounts: [...others, seen].toSorted(byName) };
}

/** An account as it is now. Its balance is told by the stream of balances, once there is one. */
function withKnownBalance({ accounts, earlyBalances }: SignedIn, account: AccountView) {
  const known = accounts?.find(({ id }) => id === account.id);
  const early = earlyBalances[account.id];
  const balance = known?.balance ?? (early ? { ...early, changeCount: 0 } : account.balance);
  return { ...account, balance };
}

function seeBalance(
  state: SignedIn,
  accountId: string,
  balance: Omit<BalanceView, 'changeCount'>,
): SignedIn {
  const earlyBalances = { ...state.earlyBalances, [accountId]: balance };
  const accounts = state.accounts?.map((account) =>
    account.id === accountId ? withBalance(account, balance) : account,
  );
  return { ...state, earlyBalances, ...(accounts === undefined ? {} : { accounts }) };
}

function withBalance(
  account: AccountView,
  { balance, held, available }: Omit<BalanceView, 'changeCount'>,
): AccountView {
  const shown = account.balance;
  const isSame = shown.balance === balance && shown.held === held && shown.available === available;
  if (isSame) return account;
  const changeCount = shown.changeCount + 1;
  return { ...account, balance: { balance, held, available, changeCount } };
}

/** What came while another account was shown is news no more. */
function select(state: SignedIn, accountId: string): SignedIn {
  const history = state.historiesByAccountId[accountId];
  const shown = { ...state, selectedId: accountId };
  return history === undefined ? shown : withHistory(shown, accountId, settle(history));
}

/** An account whose history nobody has looked at is read whole when somebody does. */
function seeEntry(state: SignedIn, row: EntryRow): SignedIn {
  const history = state.historiesByAccountId[row.accountId];
  return history === undefined ? state : withHistory(state, row.accountId, addLive(history, row));
}

function changePage(
  state: SignedIn,
  change: Extract<SessionChange, { kind: `page_${string}` }>,
): SignedIn {
  const { accountId } = change;
  const history = state.historiesByAccountId[accountId] ?? unloadedHistory;
  switch (change.kind) {
    case 'page_asked':
      return withHistory(state, accountId, { ...history, page: 'loading' });
    case 'page_read': {
      const put = change.place === 'newest' ? putNewestPage : putOlderPage;
      return withHistory(state, accountId, put(history, change.page));
    }
    case 'page_failed':
      return withHistory(state, accountId, { ...history, page: { failure: change.message } });
  }
}

function withHistory(state: SignedIn, accountId: string, history: AccountHistory): SignedIn {
  const historiesByAccountId = { ...state.historiesByAccountId, [accountId]: history };
  return { ...state, historiesByAccountId };
}

function changeConnection(
  state: SignedIn,
  change: Extract<SessionChange, { kind: 'stream_moved' | 'heard' }>,
): SignedIn {
  const { connection } = state;
  if (change.kind === 'heard') {
    return { ...state, connection: { ...connection, heardAtMs: change.atMs } };
  }
  const streams = { ...connection.streams, [change.stream]: change.status };
  return { ...state, nowMs: change.nowMs, connection: { ...connection, streams } };
}

/** The time is shown while the page counts down to the next try, and nowhere else. */
function passTime(state: SignedIn, nowMs: number): SignedIn {
  const isCountingDown = statusOf(state.connection).kind === 'reconnecting';
  return speak(isCountingDown ? { ...state, nowMs } : state, nowMs);
}

/** However often a balance changes, it is read aloud only now and then. */
function speak(state: SignedIn, nowMs: number): SignedIn {
  const { accounts, selectedId, spoken } = state;
  const account = accounts?.find(({ id }) => id === selectedId);
  if (account === undefined) return state;
  const { name, unitLabel, unitScale, balance } = account;
  const pieces = groupAmount(balance.balance, unitScale);
  const text = `${name}: ${pieces.map((piece) => piece.text).join('')} ${unitLabel}`;
  const isDue = spoken === undefined || nowMs - spoken.atMs >= spokenMsMin;
  return isDue && spoken?.text !== text ? { ...state, spoken: { text, atMs: nowMs } } : state;
}
