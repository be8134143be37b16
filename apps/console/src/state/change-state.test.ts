// From changes to what the page shows.
import { describe, expect, it } from 'vitest';
import { changeState, signedOut } from './change-state.ts';
import type { AccountView, Change, SignedIn, State } from './state.ts';

const account = (id: string, facts: Partial<AccountView> = {}): AccountView => ({
  id,
  name: id,
  customerId: 'ada',
  unitLabel: 'credits',
  unitScale: 0,
  status: 'active',
  balance: { balance: '10', held: '0', available: '10', changeCount: 0 },
  ...facts,
});

const balanceOf = (balance: string) => ({ balance, held: '0', available: balance });

const after = (...changes: readonly Change[]): State =>
  changes.reduce(changeState, changeState(signedOut, { kind: 'signed_in', nowMs: 0 }));

const shown = (...changes: readonly Change[]): SignedIn => {
  const state = after(...changes);
  if (state.kind !== 'signed_in') throw new Error('nobody is signed in');
  return state;
};

const listed: Change = {
  kind: 'accounts_listed',
  accounts: [account('b'), account('a')],
  hasMore: false,
};

describe('the page', () => {
  it('shows accounts by name, closed ones last', () => {
    const closed = account('a', { status: 'closed' });
    const { accounts } = shown(listed, { kind: 'account_seen', account: closed });
    expect(accounts?.map(({ id, status }) => [id, status])).toEqual([
      ['b', 'active'],
      ['a', 'closed'],
    ]);
  });

  it('shows the newest accounts alone where there are more than can be watched', () => {
    const cut: Change = { kind: 'accounts_listed', accounts: [account('c')], hasMore: true };
    const { accounts, hasMoreAccounts } = shown(
      listed,
      cut,
      { kind: 'account_seen', account: account('d') },
      { kind: 'account_seen', account: account('c', { status: 'frozen' }) },
    );
    expect(accounts?.map(({ id, status }) => [id, status])).toEqual([['c', 'frozen']]);
    expect(hasMoreAccounts).toBe(true);
  });

  it('shows a balance that came before its account', () => {
    const early: Change = { kind: 'balance_seen', accountId: 'a', balance: balanceOf('70') };
    const { accounts } = shown(early, listed);
    expect(accounts?.[0]?.balance).toEqual({ ...balanceOf('70'), changeCount: 0 });
  });

  it('counts changes of a balance, and not its repetition', () => {
    const seen: Change = { kind: 'balance_seen', accountId: 'a', balance: balanceOf('70') };
    const { accounts } = shown(listed, seen, seen);
    expect(accounts?.[0]?.balance).toEqual({ ...balanceOf('70'), changeCount: 1 });
  });

  it('does not let an event of an account turn its balance back', () => {
    const seen: Change = { kind: 'balance_seen', accountId: 'a', balance: balanceOf('70') };
    const frozen = account('a', { status: 'frozen' });
    const { accounts } = shown(listed, seen, { kind: 'account_seen', account: frozen });
    expect(accounts?.[0]).toMatchObject({ status: 'frozen', balance: { balance: '70' } });
  });

  it('keeps live entries of a history that is being read, and of no other', () => {
    const entry = (accountId: string): Change => ({
      kind: 'entry_seen',
      row: {
        id: `cce_${accountId}`,
        accountId,
        side: 'debit',
        amount: '1',
        balanceAfter: '9',
        transactionId: 'cct_1',
        createdAtMs: 0,
        isLive: true,
      },
    });
    const asked: Change = { kind: 'page_asked', accountId: 'a' };
    const { historiesByAccountId } = shown(listed, asked, entry('a'), entry('b'));
    expect(historiesByAccountId).toEqual({
      a: { rows: [expect.objectContaining({ id: 'cce_a' })], hasOlder: false, page: 'loading' },
    });
  });

  it('marks an entry as news until its account is looked at anew', () => {
    const row = {
      id: 'cce_1',
      accountId: 'a',
      side: 'credit',
      amount: '1',
      balanceAfter: '11',
      transactionId: 'cct_1',
      createdAtMs: 0,
      isLive: true,
    } as const;
    const select: Change = { kind: 'account_selected', accountId: 'a' };
    const asked: Change = { kind: 'page_asked', accountId: 'a' };
    const before = shown(listed, select, asked, { kind: 'entry_seen', row });
    const isNews = (state: State): boolean | undefined =>
      state.kind === 'signed_in' ? state.historiesByAccountId['a']?.rows[0]?.isLive : undefined;
    expect(isNews(before)).toBe(true);
    expect(isNews(changeState(before, select))).toBe(false);
  });

  it('forgets what it showed when the history was replaced, and says so', () => {
    const state = shown(listed, { kind: 'history_replaced', message: 'restored' });
    expect(state).toMatchObject({ notice: 'restored', historiesByAccountId: {} });
    expect(state.accounts).toBeUndefined();
  });

  it('keeps what it shows when the session ends, and says since when it is old', () => {
    const ended: Change = { kind: 'ended', message: 'expired', atMs: 7 };
    expect(shown(listed, ended)).toMatchObject({
      ending: { message: 'expired', atMs: 7 },
      accounts: [{ id: 'a' }, { id: 'b' }],
    });
  });

  it('is not touched by what is left of a session after the sign-out', () => {
    const left = after(listed, { kind: 'signed_out' });
    expect(left).toEqual({ ...signedOut, hasLeft: true });
    expect(changeState(left, listed)).toBe(left);
  });

  it('reads the balance aloud now and then, however often it changes', () => {
    const change = (balance: string): Change => ({
      kind: 'balance_seen',
      accountId: 'a',
      balance: balanceOf(balance),
    });
    const tick = (nowMs: number): Change => ({ kind: 'time_passed', nowMs });
    const selected: Change = { kind: 'account_selected', accountId: 'a' };
    const first = shown(listed, selected, tick(1_000));
    expect(first.spoken?.text).toBe('a: 10 credits');
    const soon = [change('11'), tick(2_000), change('12'), tick(3_000)].reduce<State>(
      changeState,
      first,
    );
    expect(soon).toMatchObject({ spoken: { text: 'a: 10 credits' } });
    expect(changeState(soon, tick(6_000))).toMatchObject({ spoken: { text: 'a: 12 credits' } });
  });

  it('is the same object while only time passes', () => {
    const state = shown(listed);
    expect(changeState(state, { kind: 'time_passed', nowMs: 5_000 })).toBe(state);
  });
});
