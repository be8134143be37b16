// Requests that change coupons and their codes, as commands.
import type {
  CreateCouponCodeRequest,
  CreateCouponRequest,
  DeleteCouponRequest,
  RestoreCouponRequest,
  UpdateCouponRequest,
} from '@scrip/contract/coupons';
import {
  parseCreateCoupon,
  parseCreateCouponCode,
  parseDeleteOrRestoreCoupon,
  parseUpdateCoupon,
  type CreateCoupon,
  type CreateCouponCode,
  type DeleteOrRestoreCoupon,
  type Parsed,
  type UpdateCoupon,
} from '@scrip/kernel';
import { fromProtoOptionalRequestedTimestamp } from '../value/instant.ts';
import { fromProtoRequestedCouponTerms } from './from-proto-requested-terms.ts';

export function fromProtoCreateCouponRequest(request: CreateCouponRequest): Parsed<CreateCoupon> {
  const terms = fromProtoRequestedCouponTerms(request.terms);
  if (terms.kind === 'refused') return terms;
  const { idempotencyKey } = request;
  return parseCreateCoupon({ terms: terms.value, idempotencyKey });
}

export function fromProtoUpdateCouponRequest(request: UpdateCouponRequest): Parsed<UpdateCoupon> {
  const terms = fromProtoRequestedCouponTerms(request.terms);
  if (terms.kind === 'refused') return terms;
  const { couponId, updateMask, idempotencyKey } = request;
  const fieldNames = updateMask?.paths;
  return parseUpdateCoupon({ couponId, terms: terms.value, fieldNames, idempotencyKey });
}

export function fromProtoDeleteCouponRequest(
  request: DeleteCouponRequest,
): Parsed<DeleteOrRestoreCoupon> {
  return parseDeleteOrRestoreCoupon('delete_coupon', request);
}

export function fromProtoRestoreCouponRequest(
  request: RestoreCouponRequest,
): Parsed<DeleteOrRestoreCoupon> {
  return parseDeleteOrRestoreCoupon('restore_coupon', request);
}

export function fromProtoCreateCouponCodeRequest(
  request: CreateCouponCodeRequest,
): Parsed<CreateCouponCode> {
  // A code is good from a whole millisecond on, and up to one.
  const from = { field: 'valid_from', round: 'up' } as const;
  const validFrom = fromProtoOptionalRequestedTimestamp(request.validFrom, from);
  if (validFrom.kind === 'refused') return validFrom;
  const to = { field: 'valid_to', round: 'down' } as const;
  const validTo = fromProtoOptionalRequestedTimestamp(request.validTo, to);
  if (validTo.kind === 'refused') return validTo;
  return parseCreateCouponCode({
    ...request,
    validFrom: validFrom.value,
    validTo: validTo.value,
  });
}
