// Whose accounts an event is about, and how often that is asked.
import type { AccountsQuery } from '@scrip/engine';
import { createTestBook } from '@scrip/testkit';
import { createIds, type Account, type BookEvent } from '@scrip/kernel';
import { describe, expect, it } from 'vitest';
import { createOwnIdsOf, type AccountsReader } from './own-accounts.ts';

function open() {
  const kept = createTestBook();
  const idKey = new Uint8Array(32).fill(1);
  const book = { id: 1, storeId: 's', mode: 'test', idKey, ids: createIds(idKey) } as const;
  const queries: AccountsQuery[] = [];
  const reader: AccountsReader = {
    accounts: async (_book, query) => {
      queries.push(query);
      const { size, cursor } = query.page;
      const all = [...kept.state.accounts.values()]
        .filter((account: Account) => account.customerId === query.customerId)
        .toReversed();
      const start = cursor ? all.findIndex(({ id }) => id === cursor.id) + 1 : 0;
      const items = all.slice(start, start + size);
      const hasMore = start + size < all.length;
      return { kind: 'read', value: { items, hasMore }, sequence: kept.state.sequence };
    },
  };
  const last = () => kept.events.at(-1) as BookEvent;
  return { kept, book, reader, queries, last };
}

describe('the accounts of a customer', () => {
  it('are read once for all events about accounts older than the list', async () => {
    const { kept, book, reader, queries, last } = open();
    const mine = kept.createId({ customerId: 'c1', initialBalance: '50' });
    const theirs = kept.createId({ customerId: 'c2', initialBalance: '50' });
    const ownIdsOf = createOwnIdsOf(reader, book, { kind: 'customer', customerId: 'c1' });
    for (let i = 0; i < 5; i++) {
      kept.transfer(theirs, mine, '1');
      expect(await ownIdsOf(last())).toEqual(new Set([mine]));
    }
    expect(queries).toHaveLength(1);
  });

  it('include those that they have since', async () => {
    const { kept, book, reader, last } = open();
    const first = kept.createId({ customerId: 'c1', name: 'a', initialBalance: '50' });
    const ownIdsOf = createOwnIdsOf(reader, book, { kind: 'customer', customerId: 'c1' });
    await ownIdsOf(last());
    const second = kept.createId({ customerId: 'c1', name: 'b', initialBalance: '50' });
    kept.transfer(first, second, '1');
    expect(await ownIdsOf(last())).toEqual(new Set([first, second]));
  });

  it('are all found where a page does not hold them', async () => {
    const { kept, book, reader, queries, last } = open();
    for (let i = 0; i < 1001; i++) kept.create({ customerId: 'c1', name: `${i}` });
    const ownIdsOf = createOwnIdsOf(reader, book, { kind: 'customer', customerId: 'c1' });
    expect((await ownIdsOf(last())).size).toBe(1001);
    expect(queries).toHaveLength(2);
  });
});

describe('the accounts of a list', () => {
  it('are those of the list, without a question', async () => {
    const { kept, book, reader, queries, last } = open();
    const mine = kept.createId({ customerId: 'c1' });
    const ownIdsOf = createOwnIdsOf(reader, book, { kind: 'accounts', accountIds: [mine] });
    expect(await ownIdsOf(last())).toEqual(new Set([mine]));
    expect(queries).toHaveLength(0);
  });
});
