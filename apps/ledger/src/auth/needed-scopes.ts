// Which key a call needs.
import type { DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { AdminService, LedgerService } from '@scrip/contract';
import { CouponService } from '@scrip/contract/coupons';
import type { Scope } from './api-key.ts';

/** What a key must have: one of these scopes, and a store with its book, or neither. */
export type Need =
  | { readonly kind: 'store'; readonly scopes: readonly Scope[] }
  | { readonly kind: 'operator'; readonly scopes: readonly ['operator'] };

const operatorNeed: Need = { kind: 'operator', scopes: ['operator'] };
const adminNeed: Need = { kind: 'store', scopes: ['admin'] };
const readNeed: Need = { kind: 'store', scopes: ['ledger:read'] };
const writeNeed: Need = { kind: 'store', scopes: ['ledger:write'] };
const couponReadNeed: Need = { kind: 'store', scopes: ['coupons:read'] };
const couponWriteNeed: Need = { kind: 'store', scopes: ['coupons:write'] };
// Whose book it is, and where it stands, is for every caller of the ledger to know.
const headNeed: Need = { kind: 'store', scopes: ['ledger:read', 'ledger:write'] };

const operatorMethods: readonly DescMethod[] = [
  AdminService.method.createStore,
  AdminService.method.listStores,
];

// All that an access token may call. Each of them shows a viewer no more than is theirs.
const viewerMethods: readonly DescMethod[] = [
  LedgerService.method.getAccount,
  LedgerService.method.listAccounts,
  LedgerService.method.getBalance,
  LedgerService.method.batchGetBalances,
  LedgerService.method.listEntries,
  LedgerService.method.watchHistory,
  LedgerService.method.watchBalances,
];

/** Whether an access token may call a method. */
export function isForViewers(method: DescMethod): boolean {
  return viewerMethods.includes(method);
}

/** What a method needs. Nothing for one of a service that is not known here. */
export function neededBy(method: DescMethod): Need | undefined {
  switch (method.parent.typeName) {
    case AdminService.typeName:
      if (method === AdminService.method.mintAccessToken) return readNeed;
      return operatorMethods.includes(method) ? operatorNeed : adminNeed;
    case LedgerService.typeName:
      if (method === LedgerService.method.getHead) return headNeed;
      return isRead(method) ? readNeed : writeNeed;
    case CouponService.typeName:
      return isRead(method) ? couponReadNeed : couponWriteNeed;
    default:
      return undefined;
  }
}

function isRead({ idempotency }: DescMethod): boolean {
  return idempotency === IdempotencyLevel.NO_SIDE_EFFECTS;
}
