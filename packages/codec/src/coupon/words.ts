// The contract's enums about coupons and the words within the house for the same things.
import {
  CustomerCreditStatus,
  IssueOccasion,
  IssuingFrequency,
  MembershipStatus,
  OfferingType,
  RedemptionType,
  UsesPeriod,
  ValidityUnit,
  Weekday,
} from '@scrip/contract/coupons';
import type * as kernel from '@scrip/kernel';

export const protoOfferingTypes = {
  product: OfferingType.PRODUCT,
  appointment: OfferingType.APPOINTMENT,
  session: OfferingType.SESSION,
  area_booking: OfferingType.AREA_BOOKING,
  package: OfferingType.PACKAGE,
} as const satisfies Record<kernel.OfferingType, OfferingType>;

export const protoWeekdays = {
  monday: Weekday.MONDAY,
  tuesday: Weekday.TUESDAY,
  wednesday: Weekday.WEDNESDAY,
  thursday: Weekday.THURSDAY,
  friday: Weekday.FRIDAY,
  saturday: Weekday.SATURDAY,
  sunday: Weekday.SUNDAY,
} as const satisfies Record<kernel.Weekday, Weekday>;

export const protoUsesPeriods = {
  day: UsesPeriod.DAY,
  week: UsesPeriod.WEEK,
  month: UsesPeriod.MONTH,
  year: UsesPeriod.YEAR,
} as const satisfies Record<kernel.UsesPeriod, UsesPeriod>;

/** A validity has no quarters: they are three months. */
export const protoValidityUnits = {
  day: ValidityUnit.DAY,
  week: ValidityUnit.WEEK,
  month: ValidityUnit.MONTH,
  year: ValidityUnit.YEAR,
} as const satisfies Record<Exclude<kernel.PeriodUnit, 'quarter'>, ValidityUnit>;

export const protoRedemptionTypes = {
  manual: RedemptionType.MANUAL,
  credit: RedemptionType.CREDIT,
} as const satisfies Record<kernel.RedemptionType, RedemptionType>;

export const protoCustomerCreditStatuses = {
  active: CustomerCreditStatus.ACTIVE,
  expired: CustomerCreditStatus.EXPIRED,
  redeemed: CustomerCreditStatus.REDEEMED,
  revoked: CustomerCreditStatus.REVOKED,
} as const satisfies Record<kernel.CustomerCreditStatus, CustomerCreditStatus>;

export const protoIssuingFrequencies = {
  billing_cycle: IssuingFrequency.BILLING_CYCLE,
  once: IssuingFrequency.ONCE,
  month: IssuingFrequency.MONTH,
  quarter: IssuingFrequency.QUARTER,
  half_year: IssuingFrequency.HALF_YEAR,
  year: IssuingFrequency.YEAR,
} as const satisfies Record<kernel.IssuingFrequency, IssuingFrequency>;

export const protoMembershipStatuses = {
  reserved: MembershipStatus.RESERVED,
  needs_dd_mandate: MembershipStatus.NEEDS_DD_MANDATE,
  needs_attention: MembershipStatus.NEEDS_ATTENTION,
  active: MembershipStatus.ACTIVE,
  upcoming: MembershipStatus.UPCOMING,
  inactive: MembershipStatus.INACTIVE,
  expired: MembershipStatus.EXPIRED,
  cancelled: MembershipStatus.CANCELLED,
} as const satisfies Record<kernel.MembershipStatus, MembershipStatus>;

export const protoIssueOccasions = {
  sign_up: IssueOccasion.SIGN_UP,
  period: IssueOccasion.PERIOD,
  charge: IssueOccasion.CHARGE,
  request: IssueOccasion.REQUEST,
} as const satisfies Record<kernel.IssueOccasion, IssueOccasion>;
