// Lists and explanations of very much, or of what is very large: answers stay small.
import type { ReadAnswer } from '@scrip/engine';
import type { Account, Grant, Hold, Schedule } from '@scrip/kernel';
import { describe, expect, it } from 'vitest';
import { createStubLedger } from '../../stub-ledger.ts';

const byId = { account: { ref: { case: 'id', value: 'cca_1' } } } as const;
const unit = { label: 'credits', scale: 0 };
/** A hundred of these are 3 MiB. */
const large = 'x'.repeat(30_000);

const shared = { accountId: 'cca_1' as never, unit, sequence: 1 as never, createdAt: 0 as never };
const { accountId: _, ...ofAccount } = shared;
const account = {
  ...ofAccount,
  customerId: 'c',
  name: 'default',
  status: 'active',
  balance: 0n,
  held: 0n,
  updatedAt: 0 as never,
  balanceUpdatedAt: 0 as never,
  grants: [],
  holds: [],
  schedules: [],
  personal: { displayName: large },
} satisfies Omit<Account, 'id'>;
const hold = {
  ...shared,
  status: 'pending',
  amount: 1n,
  remaining: 1n,
  captured: 0n,
  expiresAt: 0 as never,
  allocations: [{ amount: 1n }],
} satisfies Omit<Hold, 'id' | 'reference'>;
const grant = {
  ...shared,
  status: 'active',
  priority: 50,
  category: 'paid',
  effectiveAt: 0 as never,
  amount: 1n,
  remaining: 1n,
  held: 0n,
  expired: 0n,
  voided: 0n,
} satisfies Omit<Grant, 'id'>;
const schedule = {
  ...shared,
  status: 'active',
  amount: 1n,
  priority: 50,
  category: 'paid',
  anchor: 0 as never,
  period: { unit: 'day', count: 1 },
  leftover: 'lapse',
  issuedCount: 0,
} satisfies Omit<Schedule, 'id' | 'reference'>;

function many<T extends object>(count: number, item: T): (T & { readonly id: never })[] {
  return Array.from({ length: count }, (__, index) => ({ ...item, id: `id ${index}` as never }));
}

async function read<T>(value: T): Promise<ReadAnswer<T>> {
  return { kind: 'read', value, sequence: 1 as never };
}

function open(stub: Parameters<typeof createStubLedger>[0]) {
  const made = createStubLedger(stub);
  return { client: made.client, options: { headers: { 'x-api-key': made.addKey() } } };
}

describe('a page ends before it has more than 2 MiB', () => {
  const page = <T extends object>(item: T) => read({ items: many(100, item), hasMore: false });

  it('of holds', async () => {
    const holds = () => page({ ...hold, reference: large });
    const { client, options } = open({ terms: { holds } });
    const answer = await client.listHolds(byId, options);
    expect(answer).toMatchObject({ hasMore: true, holds: { length: 69 } });
  });

  it('of grants', async () => {
    const grants = () => page({ ...grant, source: large });
    const { client, options } = open({ terms: { grants } });
    const answer = await client.listGrants(byId, options);
    expect(answer).toMatchObject({ hasMore: true, grants: { length: 69 } });
  });

  it('of schedules', async () => {
    const schedules = () => page({ ...schedule, reference: large });
    const { client, options } = open({ terms: { schedules } });
    const answer = await client.listSchedules(byId, options);
    expect(answer).toMatchObject({ hasMore: true, schedules: { length: 69 } });
  });

  it('of accounts, next to the cursor', async () => {
    const { client, options } = open({ reader: { accounts: () => page(account) } });
    const after = await client.listAccounts({}, options);
    expect(after).toMatchObject({ hasMore: true, accounts: { length: 69 } });
    expect(after.accounts[0]?.id).toBe('id 0');
    const cursor = { case: 'endingBefore', value: 'id 100' } as const;
    const before = await client.listAccounts({ cursor }, options);
    expect(before.accounts.at(-1)?.id).toBe('id 99');
    expect(before).toMatchObject({ hasMore: true, accounts: { length: 69 } });
  });
});

describe('an explanation', () => {
  const explain = async (grants: readonly Grant[], holds: readonly Hold[]) => {
    const at = { accountId: 'cca_1' as never, unit, sequence: 1 as never, updatedAt: 0 as never };
    const balance = { ...at, balance: 1n, held: 1n };
    const { client, options } = open({
      terms: { balanceParts: () => read({ balance, pool: 0n, poolHeld: 0n, grants, holds }) },
    });
    return client.explainBalance(byId, options);
  };

  it('names the first thousand of each kind, and counts the others', async () => {
    const small = { ...hold, reference: 'r' };
    const answer = await explain(many(1_500, grant), many(1_001, small));
    expect(answer).toMatchObject({
      grants: { length: 1_000 },
      holds: { length: 1_000 },
      moreGrantCount: 500,
      moreHoldCount: 1,
    });
    expect(answer.grants.at(-1)?.id).toBe('id 999');
  });

  it('has 1 MiB of each kind at most', async () => {
    const holds = many(100, { ...hold, reference: large });
    const answer = await explain(many(100, { ...grant, source: large }), holds);
    expect(answer).toMatchObject({ grants: { length: 34 }, moreGrantCount: 66 });
    expect(answer).toMatchObject({ holds: { length: 34 }, moreHoldCount: 66 });
  });

  it('of little leaves nothing out', async () => {
    const answer = await explain(many(2, grant), []);
    expect(answer).toMatchObject({ grants: { length: 2 }, moreGrantCount: 0, moreHoldCount: 0 });
  });
});
