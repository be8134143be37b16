// What a body says about a coupon, as the ledger's terms.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CouponTermsSchema } from '@scrip/contract/coupons';
import type { Static } from 'typebox';
import { FaultError, invalidField } from '../../faults/fault.ts';
import { offeringTypes, redemptionTypes, usesPeriods, validityUnits, weekdays } from '../words.ts';
import type { CouponBody, CouponPatch } from './schemas.ts';

type Body = Static<typeof CouponBody>;
type Patch = Static<typeof CouponPatch>;
type Terms = MessageInitShape<typeof CouponTermsSchema>;

export function termsOf(body: Body | Patch): Terms {
  return {
    name: body.name ?? '',
    description: body.description || undefined,
    value: valueOf(body),
    offerings: (body.offerings ?? []).map(({ type, ids = [] }) => ({
      type: offeringTypes.valueOf(type),
      ids,
    })),
    validWeekdays: (body.valid_weekdays ?? []).map(weekdays.valueOf),
    multiUse: body.multi_use ?? false,
    maxUses: body.max_uses ?? undefined,
    ...(body.max_uses_period ? { maxUsesPeriod: usesPeriods.valueOf(body.max_uses_period) } : {}),
    validityPeriod: validityOf(body.validity_period),
    ...(body.redemption_type
      ? { redemptionType: redemptionTypes.valueOf(body.redemption_type) }
      : {}),
    forLeadBookerOnly: body.for_lead_booker_only ?? false,
  };
}

/** The ledger's names of the terms, by the fields of a body. */
export const pathsByField: ReadonlyMap<keyof Patch, string> = new Map([
  ['name', 'name'],
  ['description', 'description'],
  ['type', 'value'],
  ['amount', 'value'],
  ['currency', 'value'],
  ['percentage', 'value'],
  ['offerings', 'offerings'],
  ['valid_weekdays', 'valid_weekdays'],
  ['multi_use', 'multi_use'],
  ['max_uses', 'max_uses'],
  ['max_uses_period', 'max_uses_period'],
  ['validity_period', 'validity_period'],
  ['redemption_type', 'redemption_type'],
  ['for_lead_booker_only', 'for_lead_booker_only'],
]);

/** Nothing where a body says nothing about it. */
function valueOf({
  type,
  amount,
  currency,
  percentage,
}: Body | Patch): NonNullable<Terms['value']> {
  const sent = { amount, currency, percentage };
  switch (type) {
    case 'fixed_amount':
      refuseBeside(type, 'percentage', percentage);
      return {
        case: 'fixedAmount',
        value: {
          amount: BigInt(needed('amount', sent.amount)),
          currency: needed('currency', sent.currency),
        },
      };
    case 'percentage':
      refuseBeside(type, 'amount', amount);
      refuseBeside(type, 'currency', currency);
      return { case: 'percentage', value: needed('percentage', percentage) };
    default: {
      const given = Object.entries(sent).find(([, value]) => value !== undefined);
      if (given !== undefined) throw missingField('type', `is required with ${given[0]}`);
      return { case: undefined };
    }
  }
}

function needed<Value>(field: string, value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw missingField(field, 'is required for the type');
  return value;
}

function refuseBeside(type: string, field: string, value: unknown): void {
  if (value === null || value === undefined) return;
  throw invalidField(field, `must be left out with the type ${type}`);
}

function missingField(field: string, problem: string): FaultError {
  return new FaultError('FIELD_MISSING', `${field} ${problem}.`, { issues: [{ field, problem }] });
}

/** The schema has seen to the form. */
function validityOf(sent: string | null | undefined): Terms['validityPeriod'] {
  const parts = /^P(\d+)([DWMY])$/.exec(sent ?? '');
  if (parts === null) return undefined;
  const [, count, unit] = parts;
  return {
    count: Number(count),
    unit: validityUnits.valueOf(unit as (typeof validityUnits.all)[number]),
  };
}
