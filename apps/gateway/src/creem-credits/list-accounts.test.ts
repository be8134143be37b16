// Pages of accounts between plans of the Accounts API: as if those were not there.
import { AccountStatus } from '@scrip/contract';
import { expect, it } from 'vitest';
import { createFakeGateway, known, type FakeLedger } from '../fake-ledger.ts';

type Lists = NonNullable<FakeLedger['listAccounts']>;

/** Newest first. Those that are no plans have a number. */
const ids = ['plan', '1', 'plan', 'plan', '2', '3', 'plan', '4', 'plan', 'plan'].map(
  (name, index) => `cca_${String(index).padStart(11, '0')}_${name}`,
);
const createdAt = { seconds: 1_700_000_000n };
const accounts = ids.map((id) => {
  const customerId = id.endsWith('plan') ? 'credits-dev:plans' : 'ada';
  const name = id.endsWith('plan') ? 'plan 1' : 'default';
  const dates = { createdAt, updatedAt: createdAt };
  return { id, customerId, name, status: AccountStatus.ACTIVE, ...dates };
});

const listAccounts: Lists = ({ pageSize, cursor, customerId }) => {
  const all = accounts.filter((each) => customerId === undefined || each.customerId === customerId);
  const at = all.findIndex(({ id }) => id === cursor.value);
  if (cursor.case === 'endingBefore') {
    const from = Math.max(at - pageSize, 0);
    return { accounts: all.slice(from, at), hasMore: from > 0 };
  }
  const from = cursor.case === undefined ? 0 : at + 1;
  return { accounts: all.slice(from, from + pageSize), hasMore: from + pageSize < all.length };
};

async function list(query: string) {
  const gateway = await createFakeGateway({ listAccounts });
  const url = `/v1/customer-credits/accounts?${query}`;
  const { data, has_more: hasMore } = (await gateway.inject({ url, headers: known })).json<{
    readonly data: readonly { readonly id: string }[];
    readonly has_more: boolean;
  }>();
  await gateway.close();
  return [data.map(({ id }) => id.slice(16)).join(' '), hasMore];
}

it.each([
  ['limit=1', '1', true],
  ['limit=2', '1 2', true],
  ['limit=3', '1 2 3', true],
  ['limit=4', '1 2 3 4', false],
  ['limit=50', '1 2 3 4', false],
  [`limit=2&starting_after=${ids[4]}`, '3 4', false],
  [`limit=1&starting_after=${ids[4]}`, '3', true],
  [`limit=2&ending_before=${ids[7]}`, '2 3', true],
  [`limit=3&ending_before=${ids[7]}`, '1 2 3', false],
  [`limit=1&ending_before=${ids[1]}`, '', false],
  ['limit=3&customer_id=credits-dev:plans', 'plan plan plan', true],
])('with %s are %s', async (query, shown, hasMore) => {
  expect(await list(query)).toEqual([shown, hasMore]);
});
