// What commands on coupons need of the book. It is looked up anew for every flush, under the lock.
import {
  codeIndex,
  couponNamesOf,
  isCouponCommand,
  putCouponRecord,
  type BookState,
  type Command,
  type CouponCommand,
  type CouponNames,
} from '@scrip/kernel';
import type { UnitOfWork } from './port/journal.ts';

/** Loads the records that commands name, and what those lead to. Most flushes have none. */
export async function loadCoupons(
  state: BookState,
  { unit }: { readonly unit: UnitOfWork },
  commands: readonly Command[],
): Promise<void> {
  const ofCoupons = commands.filter((command) => isCouponCommand(command));
  if (ofCoupons.length === 0) return;
  const names = namesOf(ofCoupons);
  if (Object.values(names).every((list: readonly unknown[]) => list.length === 0)) return;
  for (const { found, event } of await unit.findCoupons(names)) {
    putCouponRecord(state.coupons, found, event);
  }
}

function namesOf(commands: readonly CouponCommand[]): CouponNames {
  const all = commands.map(couponNamesOf);
  const codes = all.flatMap((names) => names.codes);
  const byIndex = new Map(codes.map((each) => [codeIndex(each.couponId, each.code), each]));
  return {
    recordIds: [...new Set(all.flatMap((names) => names.recordIds))],
    codes: [...byIndex.values()],
    membershipTypeIds: [...new Set(all.flatMap((names) => names.membershipTypeIds))],
  };
}
