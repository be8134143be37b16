// Which key each method needs.
import { AdminService, Health, LedgerService } from '@scrip/contract';
import { CouponService } from '@scrip/contract/coupons';
import { describe, expect, it } from 'vitest';
import { isForViewers, neededBy } from './needed-scopes.ts';

describe('a method', () => {
  it.each([
    [AdminService.method.createStore, { kind: 'operator', scopes: ['operator'] }],
    [AdminService.method.listStores, { kind: 'operator', scopes: ['operator'] }],
    [AdminService.method.createApiKey, { kind: 'store', scopes: ['admin'] }],
    [AdminService.method.listApiKeys, { kind: 'store', scopes: ['admin'] }],
    [AdminService.method.revokeApiKey, { kind: 'store', scopes: ['admin'] }],
    [AdminService.method.mintAccessToken, { kind: 'store', scopes: ['ledger:read'] }],
    [LedgerService.method.credit, { kind: 'store', scopes: ['ledger:write'] }],
    [LedgerService.method.postBatch, { kind: 'store', scopes: ['ledger:write'] }],
    [LedgerService.method.listEntries, { kind: 'store', scopes: ['ledger:read'] }],
    [CouponService.method.redeemCustomerCredit, { kind: 'store', scopes: ['coupons:write'] }],
    [CouponService.method.listCustomerCredits, { kind: 'store', scopes: ['coupons:read'] }],
    [LedgerService.method.getHead, { kind: 'store', scopes: ['ledger:read', 'ledger:write'] }],
  ] as const)('%s needs what the contract says', (method, need) => {
    expect(neededBy(method)).toEqual(need);
  });

  it('is open to access tokens only if the contract says so', () => {
    const services = [LedgerService, CouponService, AdminService];
    const methods = services.flatMap((service) => [...service.methods]);
    expect(methods.filter(isForViewers).map(({ name }) => name)).toEqual([
      'GetAccount',
      'ListAccounts',
      'GetBalance',
      'BatchGetBalances',
      'ListEntries',
      'WatchHistory',
      'WatchBalances',
    ]);
  });

  it('of another service is not known', () => {
    expect(neededBy(Health.method.check)).toBeUndefined();
  });
});
