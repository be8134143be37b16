// Commands on coupons and codes, and how they are made from unchecked input.
import { parseOptionalIdempotencyKey, type OptionallyKeyed } from '../value/idempotency-key.ts';
import type { Instant } from '../value/instant.ts';
import { parseCommand, parseFields } from '../value/parse-fields.ts';
import { present } from '../value/present.ts';
import { isMadeUpCode } from '../value/record-id.ts';
import { parsed, refuseField, type Parsed } from '../value/refusal.ts';
import { parseOptionalText } from '../value/text.ts';
import { parseOptionalRecordId, parseRecordId } from './parse-record-id.ts';
import type { CouponTerms } from './coupon.ts';
import {
  couponFieldNames,
  parseCouponTerms,
  type UncheckedCouponTerms,
} from './parse-coupon-terms.ts';

/** Makes a coupon. */
export interface CreateCoupon {
  readonly kind: 'create_coupon';
  readonly terms: CouponTerms;
  readonly idempotencyKey?: string;
}

/** Gives a coupon other terms. */
export interface UpdateCoupon {
  readonly kind: 'update_coupon';
  readonly couponId: string;
  /** As they came in: only what is named is looked at, together with what the coupon has. */
  readonly terms: UncheckedCouponTerms;
  /** What `terms` replaces. */
  readonly fields: readonly (keyof CouponTerms)[];
  readonly idempotencyKey?: string;
}

/** Deletes a coupon, or brings it back. */
export interface DeleteOrRestoreCoupon {
  readonly kind: 'delete_coupon' | 'restore_coupon';
  readonly couponId: string;
  readonly idempotencyKey?: string;
}

/** Makes a code of a coupon. */
export interface CreateCouponCode {
  readonly kind: 'create_coupon_code';
  readonly couponId: string;
  /** Absent: it is made up. */
  readonly code?: string;
  readonly validFrom?: Instant;
  readonly validTo?: Instant;
  readonly multiUse: boolean;
  readonly customerId?: string;
  readonly customerCreditId?: string;
  readonly idempotencyKey?: string;
}

/** Checks a request for a coupon. Refuses with the field named. */
export function parseCreateCoupon(
  unchecked: { readonly terms: UncheckedCouponTerms } & OptionallyKeyed,
): Parsed<CreateCoupon> {
  return parseCommand('create_coupon', {
    terms: parseCouponTerms(unchecked.terms),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}

/**
 * Checks the form of a request for other terms. `fieldNames` are the contract's; absent: all. The
 * terms themselves are judged with the coupon's.
 */
export function parseUpdateCoupon(
  unchecked: {
    readonly couponId: string;
    readonly terms: UncheckedCouponTerms;
    readonly fieldNames?: readonly string[] | undefined;
  } & OptionallyKeyed,
): Parsed<UpdateCoupon> {
  return parseCommand('update_coupon', {
    couponId: parseRecordId(unchecked.couponId, 'coupon_id'),
    fields: parseFieldNames(couponFieldNames, unchecked.fieldNames),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
    terms: parsed(unchecked.terms),
  });
}

/** Fields of terms by the contract's names; all of them without names, and never none. */
export function parseFieldNames<K extends string>(
  keysByName: Readonly<Record<string, K>>,
  names: readonly string[] | undefined,
): Parsed<readonly K[]> {
  if (names === undefined) return parsed(Object.values(keysByName));
  if (names.length === 0) return refuseField('update_mask', 'names no field');
  const keys: K[] = [];
  for (const name of names) {
    const key = Object.hasOwn(keysByName, name) ? keysByName[name] : undefined;
    if (key === undefined) return refuseField('update_mask', `names the unknown field ${name}`);
    keys.push(key);
  }
  return parsed(keys);
}

/** Checks a request to delete a coupon or to bring it back. */
export function parseDeleteOrRestoreCoupon(
  kind: DeleteOrRestoreCoupon['kind'],
  unchecked: { readonly couponId: string } & OptionallyKeyed,
): Parsed<DeleteOrRestoreCoupon> {
  return parseCommand(kind, {
    couponId: parseRecordId(unchecked.couponId, 'coupon_id'),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}

/** Checks a request for a code. */
export function parseCreateCouponCode(
  unchecked: {
    readonly couponId: string;
    readonly code?: string | undefined;
    readonly validFrom?: Instant | undefined;
    readonly validTo?: Instant | undefined;
    readonly multiUse?: boolean | undefined;
    readonly customerId?: string | undefined;
    readonly customerCreditId?: string | undefined;
  } & OptionallyKeyed,
): Parsed<CreateCouponCode> {
  const { validFrom, validTo, customerId, customerCreditId, multiUse = false } = unchecked;
  const fields = parseFields({
    couponId: parseRecordId(unchecked.couponId, 'coupon_id'),
    code: parseCode(unchecked.code),
    customerId: parseOptionalText(customerId, { field: 'customer_id', lengthMax: 255 }),
    customerCreditId: parseOptionalRecordId(customerCreditId, 'customer_credit_id'),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
  if (fields.kind === 'refused') return fields;
  if (validFrom !== undefined && validTo !== undefined && validTo <= validFrom) {
    return refuseField('valid_to', 'is not after valid_from');
  }
  if (fields.value.customerCreditId !== undefined && customerId === undefined) {
    return refuseField('customer_id', 'is required with customer_credit_id');
  }
  const valid = { ...present('validFrom', validFrom), ...present('validTo', validTo) };
  return parsed({ kind: 'create_coupon_code', ...fields.value, ...valid, multiUse });
}

const codeShape = /^[0-9A-Z][0-9A-Z._-]{0,63}$/;

function parseCode(unchecked: string | undefined): Parsed<string | undefined> {
  if (unchecked === undefined) return parsed(undefined);
  const code = unchecked.trim().toUpperCase();
  if (!codeShape.test(code)) {
    return refuseField('code', 'is not 1 to 64 letters, digits, dots, dashes and underscores');
  }
  return isMadeUpCode(code)
    ? refuseField('code', 'has the form of those that are made up')
    : parsed(code);
}
