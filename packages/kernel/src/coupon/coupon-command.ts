// Commands on coupons, credits, memberships and rules, and what of the book they need.
import type {
  CreateCreditRule,
  DeleteCreditRule,
  UpdateCreditRule,
} from '../credit-rule/commands.ts';
import type {
  IssueCustomerCredit,
  RedeemCustomerCredit,
  ReverseRedemption,
  RevokeCustomerCredit,
} from '../customer-credit/commands.ts';
import type {
  BookMembershipPeriods,
  SetMembershipStatus,
  CreateMembership,
  IssueMissingCredits,
  NoteMembershipCharge,
} from '../membership/commands.ts';
import type {
  CreateCoupon,
  CreateCouponCode,
  DeleteOrRestoreCoupon,
  UpdateCoupon,
} from './commands.ts';

/** Anything that changes coupons and what comes of them. */
export type CouponCommand =
  | CreateCoupon
  | UpdateCoupon
  | DeleteOrRestoreCoupon
  | CreateCouponCode
  | IssueCustomerCredit
  | RedeemCustomerCredit
  | ReverseRedemption
  | RevokeCustomerCredit
  | CreateMembership
  | SetMembershipStatus
  | NoteMembershipCharge
  | IssueMissingCredits
  | BookMembershipPeriods
  | CreateCreditRule
  | UpdateCreditRule
  | DeleteCreditRule;

/**
 * What commands name. A state needs these records if they exist, each with the event that last
 * touched it, and with them: of a redemption its credit; of a credit its coupon; of a coupon its
 * uses; of a membership the rules of its type; of a rule its coupon.
 */
export interface CouponNames {
  /** Ids of records of any kind. */
  readonly recordIds: readonly string[];
  /** Codes that may be taken. */
  readonly codes: readonly { readonly couponId: string; readonly code: string }[];
  /** Types whose rules are needed. */
  readonly membershipTypeIds: readonly string[];
}

const kinds: { readonly [K in CouponCommand['kind']]: true } = {
  create_coupon: true,
  update_coupon: true,
  delete_coupon: true,
  restore_coupon: true,
  create_coupon_code: true,
  issue_customer_credit: true,
  redeem_customer_credit: true,
  reverse_redemption: true,
  revoke_customer_credit: true,
  create_membership: true,
  set_membership_status: true,
  note_membership_charge: true,
  issue_missing_credits: true,
  book_membership_periods: true,
  create_credit_rule: true,
  update_credit_rule: true,
  delete_credit_rule: true,
};

/** Whether a command is one of these. */
export function isCouponCommand(command: { readonly kind: string }): command is CouponCommand {
  return Object.hasOwn(kinds, command.kind);
}

/** What a command needs of the book. */
export function couponNamesOf(command: CouponCommand): CouponNames {
  const membershipTypeIds = [
    'membershipTypeId' in command ? command.membershipTypeId : [],
    command.kind === 'create_credit_rule' ? command.terms.membershipTypeId : [],
  ].flat();
  const codes =
    command.kind === 'create_coupon_code' && command.code !== undefined
      ? [{ couponId: command.couponId, code: command.code }]
      : [];
  return { recordIds: recordIdsOf(command), codes, membershipTypeIds };
}

function recordIdsOf(command: CouponCommand): readonly string[] {
  const couponOfTerms = 'terms' in command && 'couponId' in command.terms ? command.terms : {};
  return [
    'couponId' in command ? command.couponId : [],
    'customerCreditId' in command ? (command.customerCreditId ?? []) : [],
    'redemptionId' in command ? command.redemptionId : [],
    'membershipId' in command ? (command.membershipId ?? []) : [],
    'ruleId' in command ? command.ruleId : [],
    ('couponId' in couponOfTerms ? couponOfTerms.couponId : undefined) ?? [],
  ].flat();
}

/** The membership that a command is judged on, up to its instant. */
export function membershipIdOf(command: CouponCommand): string | undefined {
  return 'membershipId' in command ? command.membershipId : undefined;
}
