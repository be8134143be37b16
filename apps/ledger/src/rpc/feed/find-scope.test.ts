// Whose events a stream is about: credits and memberships are for API keys alone.
import { createMemoryBook } from '@scrip/testkit';
import { expect, it } from 'vitest';
import { findScope, findViewerScope, type ScopeReader } from './find-scope.ts';

const book = createMemoryBook();
const reader: ScopeReader = {
  findAccounts: async () => ({ kind: 'read', value: [], sequence: 0 as never }),
};
const customer = { kind: 'customer', customerId: 'ada' } as const;

it('has a customer’s credits and memberships in a stream with an API key', async () => {
  expect(await findScope(reader, book, customer)).toEqual({ ...customer, withCoupons: true });
});

it.each([
  ['their own customer', customer],
  ['all that they may see', { kind: 'all' } as const],
])('has none of them in a stream with an access token, of %s', async (_what, requested) => {
  const scope = await findViewerScope(reader, book, { requested, own: customer });
  expect(scope).toEqual(customer);
  const one = { kind: 'accounts', accountIds: [] } as const;
  expect(await findViewerScope(reader, book, { requested, own: one })).not.toHaveProperty(
    'withCoupons',
  );
});
