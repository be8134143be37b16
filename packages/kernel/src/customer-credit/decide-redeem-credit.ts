// May this credit be used, and may a use be undone?
import type { BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import { findCredit, refuseEndedCredit, refuseUnknownRedemption } from '../coupon/refusals.ts';
import { replayLast } from '../coupon/replay-last.ts';
import { countUse, uncountUse } from '../coupon/uses.ts';
import { assert } from '../value/assert.ts';
import { present } from '../value/present.ts';
import type { RedeemCustomerCredit, ReverseRedemption } from './commands.ts';
import {
  creditStatus,
  type CustomerCredit,
  type Redemption,
  type RedemptionId,
} from './customer-credit.ts';
import { judgeUse, weekdayOf, type Use } from './judge-use.ts';

/** Decides a use. A single-use credit is used up whole, whatever the use takes off. */
export function decideRedeemCredit(state: BookState, command: RedeemCustomerCredit): Decision {
  const found = findCredit(state, command);
  if (found.kind === 'refused') return found;
  const credit = found.value;
  const status = creditStatus(credit, state.instant);
  if (status !== 'active') return refuseEndedCredit(credit, status);
  const coupon = state.coupons.coupons.get(credit.couponId);
  assert(coupon !== undefined, 'the coupon of a credit is there, deleted or not');
  const refusal = judgeUse(state, { command, credit, coupon });
  if (refusal !== undefined) return refusal;
  return accept(state, command, {
    kind: 'customer_credit_redeemed',
    credit: usedCredit(state, credit),
    redemption: redemptionOf(state, { command, credit, coupon }),
    uses: countUse(state.coupons.uses.get(coupon.id), coupon.id, state.instant),
  });
}

function usedCredit({ instant }: BookState, credit: CustomerCredit): CustomerCredit {
  const useCount = credit.useCount + 1;
  const redeemed = credit.multiUse ? {} : { redeemedAt: instant };
  return { ...credit, useCount, ...redeemed, updatedAt: instant };
}

function redemptionOf(state: BookState, { command, credit }: Use): Redemption {
  const { instant, ids } = state;
  const sequence = nextSequence(state);
  const { value } = credit;
  const worth = value.kind === 'fixed_amount' ? value.amount : undefined;
  const place = { kind: 'redemption', sequence, line: 0 } as const;
  return {
    id: ids.recordId(place, instant) as RedemptionId,
    customerCreditId: credit.id,
    couponId: credit.couponId,
    customerId: credit.customerId,
    reference: command.reference,
    ...present('amount', command.amount ?? worth),
    ...present('revenue', credit.revenue),
    ...present('offering', command.offering),
    weekday: weekdayOf(command, instant),
    redeemedAt: instant,
    sequence,
  };
}

/**
 * Decides the undoing of a use, whatever became of the credit meanwhile. One that was undone
 * before answers that again.
 */
export function decideReverseRedemption(state: BookState, command: ReverseRedemption): Decision {
  const redemption = state.coupons.redemptions.get(command.redemptionId as RedemptionId);
  if (redemption === undefined || !isMeant(redemption, command)) {
    return refuseUnknownRedemption(command.redemptionId);
  }
  if (redemption.reversedAt !== undefined) return replayLast(state, redemption.id);
  const credit = state.coupons.credits.get(redemption.customerCreditId);
  assert(credit !== undefined, 'the credit of a redemption is there');
  const { instant } = state;
  const { redeemedAt: _, ...kept } = credit;
  const { couponId, redeemedAt: usedAt } = redemption;
  return accept(state, command, {
    kind: 'redemption_reversed',
    credit: { ...kept, useCount: credit.useCount - 1, updatedAt: instant },
    redemption: { ...redemption, reversedAt: instant },
    uses: uncountUse(state.coupons.uses.get(couponId), { couponId, usedAt }, instant),
  });
}

function isMeant(redemption: Redemption, command: ReverseRedemption): boolean {
  const { customerCreditId = redemption.customerCreditId, customerId = redemption.customerId } =
    command;
  return redemption.customerCreditId === customerCreditId && redemption.customerId === customerId;
}
