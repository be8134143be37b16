// The cache is bounded, fenced, and keeps what was used last.
import {
  createBookState,
  instantFromMs,
  type Account,
  type BookState,
  type Hold,
  type Metadata,
} from '@scrip/kernel';
import { createMemoryBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { createBookCache, type BookCache } from './book-cache.ts';
import { genesisHash } from './chain-hash.ts';
import type { Seal } from './port/feed-source.ts';

const head: Seal = { sequence: 1 as never, chainHash: genesisHash };

describe('a book cache', () => {
  it('keeps the accounts that were used last, and forgets the others whole', () => {
    const cache = createBookCache({ accountCountMax: 2, termCountMax: 9 });
    cache.takeOver(stateOf('a', 'b'), head);
    cache.takeOver(stateOf('a', 'c'), head);
    expect(['a', 'b', 'c'].map((id) => cache.account(id as never)?.id)).toEqual([
      'a',
      undefined,
      'c',
    ]);
    expect(cache.accountId('external b')).toBeUndefined();
    expect(cache.accountId('external c')).toBe('c');
  });

  it('keeps no account with metadata, not even an older state of it', () => {
    const cache = createBookCache({ accountCountMax: 9, termCountMax: 9 });
    cache.takeOver(stateOf('a'), head);
    const state = stateOf('a');
    const account = state.accounts.get('a' as never) as Account;
    state.accounts.set(account.id, { ...account, personal: { metadata: { n: 1 } } });
    cache.takeOver(state, head);
    expect(cache.account('a' as never)).toBeUndefined();
    expect(cache.accountId('external a')).toBeUndefined();
  });

  it('drops everything under another head of the same sequence', () => {
    const cache = createBookCache({ accountCountMax: 9, termCountMax: 9 });
    cache.takeOver(stateOf('a'), head);
    cache.fence(head);
    expect(cache.account('a' as never)).toBeDefined();
    cache.fence({ ...head, chainHash: new Uint8Array(32).fill(1) });
    expect(cache.account('a' as never)).toBeUndefined();
    expect(cache.unit('credits')).toBeUndefined();
  });

  it('keeps as many terms as it may, whosever they are, and all accounts without', () => {
    const cache = createBookCache({ accountCountMax: 9, termCountMax: 10 });
    cache.takeOver(stateOf('plain'), head);
    cache.takeOver(stateWith(holdsOf('first', 6)), head);
    cache.takeOver(stateWith(holdsOf('second', 4)), head);
    expect(knownOf(cache)).toEqual(['plain', 'first', 'second']);
    cache.takeOver(stateWith(holdsOf('second', 5)), head);
    expect(knownOf(cache)).toEqual(['plain', 'second']);
    expect(cache.accountId('external first')).toBeUndefined();
    cache.takeOver(stateWith(holdsOf('first', 11)), head);
    expect(knownOf(cache)).toEqual(['plain']);
    cache.takeOver(stateWith(holdsOf('first', 0)), head);
    expect(knownOf(cache)).toEqual(['plain', 'first']);
  });

  it('counts a hold with metadata as what it takes', () => {
    const cache = createBookCache({ accountCountMax: 9, termCountMax: 10 });
    cache.takeOver(stateWith(holdsOf('first', 1, { note: 'x'.repeat(100) })), head);
    expect(knownOf(cache)).toEqual(['first']);
    cache.takeOver(stateWith(holdsOf('first', 1, { note: 'x'.repeat(1_000) })), head);
    expect(knownOf(cache)).toEqual([]);
  });

  it('does not grow with the units that callers name', () => {
    const cache = createBookCache({ accountCountMax: 9, termCountMax: 9 });
    const state = stateOf('a');
    for (let i = 0; i < 1_001; i++) {
      const unit = { label: `u${i}`, scale: 0, issued: 0n, spent: 0n, expired: 0n };
      state.units.set(unit.label, unit);
    }
    cache.takeOver(state, head);
    expect(cache.unit('u1')).toBeUndefined();
  });
});

function knownOf(cache: BookCache): readonly string[] {
  const ids = ['plain', 'first', 'second'] as const;
  return ids.filter((id) => cache.account(id as never) !== undefined);
}

function stateWith(account: Account): BookState {
  const state = stateOf();
  state.accounts.set(account.id, account);
  return state;
}

function holdsOf(id: string, count: number, metadata?: Metadata): Account {
  const account = accountOf(id);
  const hold: Hold = {
    id: 'hld_' as never,
    accountId: account.id,
    unit: account.unit,
    sequence: 1 as never,
    createdAt: account.createdAt,
    status: 'pending',
    reference: 'r',
    ...(metadata === undefined ? {} : { metadata }),
    amount: 1n,
    remaining: 1n,
    captured: 0n,
    expiresAt: account.createdAt,
    allocations: [{ amount: 1n }],
  };
  return { ...account, holds: Array.from({ length: count }, () => hold) };
}

function stateOf(...ids: readonly string[]): BookState {
  const instant = instantFromMs(0);
  const state = createBookState(createMemoryBook(), { sequence: 1 as never, instant });
  for (const id of ids) {
    state.accounts.set(id as never, accountOf(id));
  }
  const unit = { label: 'credits', scale: 0, issued: 0n, spent: 0n, expired: 0n };
  state.units.set(unit.label, unit);
  return state;
}

function accountOf(id: string): Account {
  const instant = instantFromMs(0);
  return {
    id: id as never,
    customerId: 'c',
    name: id,
    externalId: `external ${id}`,
    unit: { label: 'credits', scale: 0 },
    status: 'active',
    balance: 0n,
    held: 0n,
    createdAt: instant,
    updatedAt: instant,
    balanceUpdatedAt: instant,
    sequence: 1 as never,
    grants: [],
    holds: [],
    schedules: [],
    personal: {},
  };
}
