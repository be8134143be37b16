// The terms of a coupon, from unchecked input: all of them, or those that an update names.
import type { Period } from '../schedule/calendar.ts';
import { parseFields, parseOptionalMinor, parseOptionalWhole } from '../value/parse-fields.ts';
import { present } from '../value/present.ts';
import { parsed, refuseField, within, type Parsed } from '../value/refusal.ts';
import { parseOptionalText, parseText } from '../value/text.ts';
import {
  weekdays,
  type CouponTerms,
  type CouponValue,
  type OfferingGroup,
  type RedemptionType,
  type UsesPeriod,
  type Weekday,
} from './coupon.ts';

/** The terms of a coupon, as they came in. */
export interface UncheckedCouponTerms {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly value?: CouponValue | undefined;
  readonly offerings?: readonly OfferingGroup[] | undefined;
  readonly validWeekdays?: readonly Weekday[] | undefined;
  readonly multiUse?: boolean | undefined;
  readonly maxUses?: number | undefined;
  readonly maxUsesPeriod?: UsesPeriod | undefined;
  readonly validityPeriod?: Period | undefined;
  readonly redemptionType?: RedemptionType | undefined;
  readonly forLeadBookerOnly?: boolean | undefined;
}

/** The fields of terms, by the names that they have in the contract. */
export const couponFieldNames = {
  name: 'name',
  description: 'description',
  value: 'value',
  offerings: 'offerings',
  valid_weekdays: 'validWeekdays',
  multi_use: 'multiUse',
  max_uses: 'maxUses',
  max_uses_period: 'maxUsesPeriod',
  validity_period: 'validityPeriod',
  redemption_type: 'redemptionType',
  for_lead_booker_only: 'forLeadBookerOnly',
} as const satisfies Record<string, keyof CouponTerms>;

/** Checks all terms of a coupon. Refuses with the field named. */
export function parseCouponTerms(unchecked: UncheckedCouponTerms): Parsed<CouponTerms> {
  return within('terms', parseFieldsOf(unchecked));
}

function parseFieldsOf(unchecked: UncheckedCouponTerms): Parsed<CouponTerms> {
  const { maxUsesPeriod, multiUse = false, forLeadBookerOnly = false } = unchecked;
  const rule = { lengthMax: 1_000, lengthMin: 0 };
  const fields = parseFields({
    name: parseText(unchecked.name ?? '', { field: 'name', lengthMax: 120, trim: true }),
    description: parseOptionalText(unchecked.description, { field: 'description', ...rule }),
    value: parseValue(unchecked.value),
    offerings: parseOfferings(unchecked.offerings ?? []),
    validWeekdays: parseWeekdays(unchecked.validWeekdays ?? []),
    maxUses: parseOptionalWhole(unchecked.maxUses, { field: 'max_uses', min: 1, max: 1_000_000 }),
    validityPeriod: parseValidity(unchecked.validityPeriod),
  });
  if (fields.kind === 'refused') return fields;
  if (maxUsesPeriod !== undefined && unchecked.maxUses === undefined) {
    return refuseField('max_uses_period', 'needs max_uses');
  }
  const redemptionType = unchecked.redemptionType ?? 'manual';
  const { description, ...rest } = fields.value;
  return parsed({
    ...rest,
    ...present('description', description === '' ? undefined : description),
    ...present('maxUsesPeriod', maxUsesPeriod),
    multiUse,
    redemptionType,
    forLeadBookerOnly,
  });
}

function parseValue(value: CouponValue | undefined): Parsed<CouponValue> {
  if (value === undefined) return refuseField('value', 'is required');
  if (value.kind === 'percentage') {
    const { percentage } = value;
    const whole = parseOptionalWhole(percentage, { field: 'percentage', min: 1, max: 100 });
    return whole.kind === 'refused' ? whole : parsed(value);
  }
  const amount = parseOptionalMinor(value.amount, { field: 'fixed_amount.amount', min: 1n });
  if (amount.kind === 'refused') return amount;
  if (!/^[A-Z]{3}$/.test(value.currency)) {
    return refuseField('fixed_amount.currency', 'is not three capital letters');
  }
  return parsed(value);
}

/** Ids that a coupon may name: it is read whole at every use. */
const offeringIdCountMax = 500;

function parseOfferings(groups: readonly OfferingGroup[]): Parsed<readonly OfferingGroup[]> {
  if (new Set(groups.map(({ type }) => type)).size < groups.length) {
    return refuseField('offerings', 'name a type twice');
  }
  const ids = groups.flatMap((group) => group.ids);
  if (ids.length > offeringIdCountMax) {
    return refuseField('offerings', `have more than ${offeringIdCountMax} ids`);
  }
  for (const [index, group] of groups.entries()) {
    const field = `offerings[${index}].ids`;
    if (new Set(group.ids).size < group.ids.length) return refuseField(field, 'name an id twice');
    for (const id of group.ids) {
      const checked = parseText(id, { field, lengthMax: 64 });
      if (checked.kind === 'refused') return checked;
    }
  }
  return parsed(groups);
}

function parseWeekdays(days: readonly Weekday[]): Parsed<readonly Weekday[]> {
  const isRepeated = new Set(days).size < days.length;
  if (isRepeated) return refuseField('valid_weekdays', 'name a day twice');
  return parsed(weekdays.filter((day) => days.includes(day)));
}

/** Days, weeks and months are bounded like the years, so that all ends lie in the calendar. */
const validityCountMaxByUnit = { day: 1_000, week: 1_000, month: 1_000, quarter: 400, year: 100 };

function parseValidity(period: Period | undefined): Parsed<Period | undefined> {
  if (period === undefined) return parsed(undefined);
  const max = validityCountMaxByUnit[period.unit];
  const count = parseOptionalWhole(period.count, { field: 'validity_period.count', min: 1, max });
  return count.kind === 'refused' ? count : parsed(period);
}
