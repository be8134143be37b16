// The words of this API for the ledger's enumerations, and back.
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

export const offeringTypes = wordsOf({
  product: OfferingType.PRODUCT,
  appointment: OfferingType.APPOINTMENT,
  session: OfferingType.SESSION,
  area_booking: OfferingType.AREA_BOOKING,
  package: OfferingType.PACKAGE,
});
export const weekdays = wordsOf({
  monday: Weekday.MONDAY,
  tuesday: Weekday.TUESDAY,
  wednesday: Weekday.WEDNESDAY,
  thursday: Weekday.THURSDAY,
  friday: Weekday.FRIDAY,
  saturday: Weekday.SATURDAY,
  sunday: Weekday.SUNDAY,
});
export const redemptionTypes = wordsOf({
  manual: RedemptionType.MANUAL,
  credit: RedemptionType.CREDIT,
});
export const usesPeriods = wordsOf({
  P1D: UsesPeriod.DAY,
  P1W: UsesPeriod.WEEK,
  P1M: UsesPeriod.MONTH,
  P1Y: UsesPeriod.YEAR,
});
export const validityUnits = wordsOf({
  D: ValidityUnit.DAY,
  W: ValidityUnit.WEEK,
  M: ValidityUnit.MONTH,
  Y: ValidityUnit.YEAR,
});
export const membershipStatuses = wordsOf({
  reserved: MembershipStatus.RESERVED,
  needs_dd_mandate: MembershipStatus.NEEDS_DD_MANDATE,
  needs_attention: MembershipStatus.NEEDS_ATTENTION,
  active: MembershipStatus.ACTIVE,
  upcoming: MembershipStatus.UPCOMING,
  inactive: MembershipStatus.INACTIVE,
  expired: MembershipStatus.EXPIRED,
  cancelled: MembershipStatus.CANCELLED,
});
export const creditStatuses = wordsOf({
  active: CustomerCreditStatus.ACTIVE,
  expired: CustomerCreditStatus.EXPIRED,
  redeemed: CustomerCreditStatus.REDEEMED,
  revoked: CustomerCreditStatus.REVOKED,
});
export const occasions = wordsOf({
  sign_up: IssueOccasion.SIGN_UP,
  period: IssueOccasion.PERIOD,
  charge: IssueOccasion.CHARGE,
  request: IssueOccasion.REQUEST,
});
/** `P0D` is once. */
export const frequencies = wordsOf({
  billing_cycle: IssuingFrequency.BILLING_CYCLE,
  P0D: IssuingFrequency.ONCE,
  P1M: IssuingFrequency.MONTH,
  P3M: IssuingFrequency.QUARTER,
  P6M: IssuingFrequency.HALF_YEAR,
  P1Y: IssuingFrequency.YEAR,
});

type Words<Word extends string, Value extends number> = {
  readonly all: Word[];
  readonly valueOf: (word: Word) => Value;
  /** Fails for a value that this gateway does not know. */
  readonly wordOf: (value: number) => Word;
  /** Says `unknown` for a value that this gateway does not know. */
  readonly wordOrUnknown: (value: number) => string;
};

function wordsOf<Word extends string, Value extends number>(
  values: Readonly<Record<Word, Value>>,
): Words<Word, Value> {
  const all = Object.keys(values) as Word[];
  const wordsByValue = new Map<number, Word>(all.map((word) => [values[word], word]));
  return {
    all,
    valueOf: (word) => values[word],
    wordOf: (value) => {
      const word = wordsByValue.get(value);
      if (word === undefined) throw new Error(`the ledger says ${value}, which has no word here`);
      return word;
    },
    wordOrUnknown: (value) => wordsByValue.get(value) ?? 'unknown',
  };
}
