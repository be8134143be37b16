// The kinds of events by the names that they have here.
import type { Event } from '@scrip/contract';
import { EventKind } from '@scrip/contract';

type Change = NonNullable<Event['change']['case']>;

const kinds = {
  accountCreated: ['account_created', EventKind.ACCOUNT_CREATED],
  accountUpdated: ['account_updated', EventKind.ACCOUNT_UPDATED],
  accountFrozen: ['account_frozen', EventKind.ACCOUNT_FROZEN],
  accountUnfrozen: ['account_unfrozen', EventKind.ACCOUNT_UNFROZEN],
  accountClosed: ['account_closed', EventKind.ACCOUNT_CLOSED],
  transactionPosted: ['transaction_posted', EventKind.TRANSACTION_POSTED],
  grantScheduled: ['grant_scheduled', EventKind.GRANT_SCHEDULED],
  grantActivated: ['grant_activated', EventKind.GRANT_ACTIVATED],
  grantExpired: ['grant_expired', EventKind.GRANT_EXPIRED],
  grantVoided: ['grant_voided', EventKind.GRANT_VOIDED],
  holdCreated: ['hold_created', EventKind.HOLD_CREATED],
  holdExtended: ['hold_extended', EventKind.HOLD_EXTENDED],
  holdCaptured: ['hold_captured', EventKind.HOLD_CAPTURED],
  holdReleased: ['hold_released', EventKind.HOLD_RELEASED],
  holdExpired: ['hold_expired', EventKind.HOLD_EXPIRED],
  scheduleCreated: ['schedule_created', EventKind.SCHEDULE_CREATED],
  scheduleEnded: ['schedule_ended', EventKind.SCHEDULE_ENDED],
  grantIssued: ['grant_issued', EventKind.GRANT_ISSUED],
  clockAdvanced: ['clock_advanced', EventKind.CLOCK_ADVANCED],
  couponCreated: ['coupon_created', EventKind.COUPON_CREATED],
  couponUpdated: ['coupon_updated', EventKind.COUPON_UPDATED],
  couponDeleted: ['coupon_deleted', EventKind.COUPON_DELETED],
  couponRestored: ['coupon_restored', EventKind.COUPON_RESTORED],
  couponCodeCreated: ['coupon_code_created', EventKind.COUPON_CODE_CREATED],
  customerCreditIssued: ['customer_credit_issued', EventKind.CUSTOMER_CREDIT_ISSUED],
  customerCreditRedeemed: ['customer_credit_redeemed', EventKind.CUSTOMER_CREDIT_REDEEMED],
  redemptionReversed: ['redemption_reversed', EventKind.REDEMPTION_REVERSED],
  customerCreditRevoked: ['customer_credit_revoked', EventKind.CUSTOMER_CREDIT_REVOKED],
  membershipCreated: ['membership_created', EventKind.MEMBERSHIP_CREATED],
  membershipStatusChanged: ['membership_status_changed', EventKind.MEMBERSHIP_STATUS_CHANGED],
  membershipCreditsIssued: ['membership_credits_issued', EventKind.MEMBERSHIP_CREDITS_ISSUED],
  creditRuleCreated: ['credit_rule_created', EventKind.CREDIT_RULE_CREATED],
  creditRuleUpdated: ['credit_rule_updated', EventKind.CREDIT_RULE_UPDATED],
  creditRuleDeleted: ['credit_rule_deleted', EventKind.CREDIT_RULE_DELETED],
} as const satisfies Record<Change, readonly [string, EventKind]>;

/** All names. */
export const kindNames = Object.values(kinds).map(([name]) => name);
/** What a name asks the ledger for. */
export const kindsByName: ReadonlyMap<string, EventKind> = new Map(Object.values(kinds));

/** The name of what happened; `unknown` when the ledger is newer than this gateway. */
export function kindNameOf({ case: change }: Event['change']): string {
  return change === undefined ? 'unknown' : kinds[change][0];
}
