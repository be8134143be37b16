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
export {
  CouponCodeSchema,
  type CouponCode,
  type CreateCouponCodeRequest,
  type ListCouponCodesRequest,
} from './gen/scrip/coupons/v1/coupon_code_pb.ts';
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
  type CreateCouponRequest,
  type DeleteCouponRequest,
  type GetCouponRequest,
  type ListCouponsRequest,
  type OfferingGroup,
  type RestoreCouponRequest,
  type UpdateCouponRequest,
} from './gen/scrip/coupons/v1/coupon_pb.ts';
export { CouponService } from './gen/scrip/coupons/v1/coupon_service_pb.ts';
export {
  CreditRuleSchema,
  CreditRuleTermsSchema,
  IssuingFrequency,
  type CreateCreditRuleRequest,
  type CreditRule,
  type CreditRuleTerms,
  type DeleteCreditRuleRequest,
  type GetCreditRuleRequest,
  type ListCreditRulesRequest,
  type UpdateCreditRuleRequest,
} from './gen/scrip/coupons/v1/credit_rule_pb.ts';
export {
  CustomerCreditSchema,
  CustomerCreditStatus,
  ListCustomerCreditsRequestSchema,
  type CustomerCredit,
  type GetCustomerCreditRequest,
  type IssueCustomerCreditRequest,
  type ListCustomerCreditsRequest,
  type RevokeCustomerCreditRequest,
  type RuleIssue,
} from './gen/scrip/coupons/v1/customer_credit_pb.ts';
export {
  IssueOccasion,
  MembershipSchema,
  MembershipStatus,
  type CreateMembershipRequest,
  type GetMembershipRequest,
  type IssueMissingCreditsRequest,
  type ListMembershipsRequest,
  type Membership,
  type NoteMembershipChargeRequest,
  type SetMembershipStatusRequest,
} from './gen/scrip/coupons/v1/membership_pb.ts';
export {
  RedemptionSchema,
  type ListRedemptionsRequest,
  type Redemption,
  type RedeemCustomerCreditRequest,
  type ReverseRedemptionRequest,
} from './gen/scrip/coupons/v1/redemption_pb.ts';
