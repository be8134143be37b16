// Coupons and what comes of them: the part of the API that @scrip/contract/coupons names.
export {
  CouponChangedSchema,
  CouponCodeCreatedSchema,
  CouponUsesSchema,
  CreditRuleChangedSchema,
  CustomerCreditIssuedSchema,
  CustomerCreditRevokedSchema,
  CustomerCreditUsedSchema,
  MembershipChangedSchema,
  MembershipCreditsIssuedSchema,
  type CouponUses,
} from './gen/scrip/coupons/v1/coupon_change_pb.ts';
export { CouponCodeSchema, type CouponCode } from './gen/scrip/coupons/v1/coupon_code_pb.ts';
export { CouponService } from './gen/scrip/coupons/v1/coupon_service_pb.ts';
export {
  CouponSchema,
  CouponTermsSchema,
  OfferingType,
  RedemptionType,
  UsesPeriod,
  ValidityUnit,
  Weekday,
  type Coupon,
  type CouponTerms,
} from './gen/scrip/coupons/v1/coupon_pb.ts';
export {
  CreditRuleSchema,
  CreditRuleTermsSchema,
  IssuingFrequency,
  type CreditRule,
} from './gen/scrip/coupons/v1/credit_rule_pb.ts';
export {
  CustomerCreditSchema,
  CustomerCreditStatus,
  type CustomerCredit,
  type RuleIssue,
} from './gen/scrip/coupons/v1/customer_credit_pb.ts';
export {
  IssueOccasion,
  MembershipSchema,
  MembershipStatus,
  type Membership,
} from './gen/scrip/coupons/v1/membership_pb.ts';
export { RedemptionSchema, type Redemption } from './gen/scrip/coupons/v1/redemption_pb.ts';
