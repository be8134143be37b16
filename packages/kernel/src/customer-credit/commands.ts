// Commands on customers' credits, and how they are made from unchecked input.
import type { Weekday } from '../coupon/coupon.ts';
import { parseOptionalRecordId, parseRecordId } from '../coupon/parse-record-id.ts';
import { parseReference } from '../transaction/commands.ts';
import { parseIdempotencyKey, parseOptionalIdempotencyKey } from '../value/idempotency-key.ts';
import type { Instant } from '../value/instant.ts';
import { parseCommand, parseFields, parseOptionalMinor } from '../value/parse-fields.ts';
import { present } from '../value/present.ts';
import { parsed, type Parsed } from '../value/refusal.ts';
import { parseOptionalText, parseText } from '../value/text.ts';
import type { Offering } from './customer-credit.ts';

/** Issues a credit by hand. */
export interface IssueCustomerCredit {
  readonly kind: 'issue_customer_credit';
  readonly customerId: string;
  readonly couponId: string;
  readonly membershipId?: string;
  /** Absent: after the coupon's validity period, or never. */
  readonly expiresAt?: Instant;
  readonly revenue?: bigint;
  readonly idempotencyKey?: string;
}

/** Uses a credit. */
export interface RedeemCustomerCredit {
  readonly kind: 'redeem_customer_credit';
  readonly customerCreditId: string;
  /** Whose it must be. */
  readonly customerId?: string;
  readonly reference: string;
  readonly amount?: bigint;
  readonly offering?: Offering;
  /** Absent: that of the book's clock, in UTC. */
  readonly weekday?: Weekday;
  /** Not the person who booked. */
  readonly isGuest?: true;
  readonly idempotencyKey: string;
}

/** Undoes a use. */
export interface ReverseRedemption {
  readonly kind: 'reverse_redemption';
  readonly redemptionId: string;
  readonly customerCreditId?: string;
  readonly customerId?: string;
  readonly idempotencyKey?: string;
}

/** Takes a credit back. */
export interface RevokeCustomerCredit {
  readonly kind: 'revoke_customer_credit';
  readonly customerCreditId: string;
  readonly customerId?: string;
  readonly idempotencyKey?: string;
}

interface Unchecked {
  readonly customerId?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

const customerRule = { field: 'customer_id', lengthMax: 255 };

/** Checks a request for a credit. Refuses with the field named. */
export function parseIssueCustomerCredit(
  unchecked: {
    readonly customerId: string;
    readonly couponId: string;
    readonly membershipId?: string | undefined;
    readonly expiresAt?: Instant | undefined;
    readonly revenue?: bigint | undefined;
  } & Unchecked,
): Parsed<IssueCustomerCredit> {
  return parseCommand('issue_customer_credit', {
    customerId: parseText(unchecked.customerId, customerRule),
    couponId: parseRecordId(unchecked.couponId, 'coupon_id'),
    membershipId: parseOptionalRecordId(unchecked.membershipId, 'membership_id'),
    revenue: parseOptionalMinor(unchecked.revenue, { field: 'revenue', min: 0n }),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
    expiresAt: parsed(unchecked.expiresAt),
  });
}

/** Checks a request for a use. */
export function parseRedeemCustomerCredit(unchecked: {
  readonly customerCreditId: string;
  readonly customerId?: string | undefined;
  readonly reference: string;
  readonly amount?: bigint | undefined;
  readonly offering?: Offering | undefined;
  readonly weekday?: Weekday | undefined;
  readonly isGuest?: boolean | undefined;
  readonly idempotencyKey: string;
}): Parsed<RedeemCustomerCredit> {
  const { offering, weekday, isGuest } = unchecked;
  const fields = parseFields({
    customerCreditId: parseRecordId(unchecked.customerCreditId, 'customer_credit_id'),
    customerId: parseOptionalText(unchecked.customerId, customerRule),
    reference: parseReference(unchecked.reference),
    amount: parseOptionalMinor(unchecked.amount, { field: 'amount', min: 0n }),
    offeringId: parseOptionalText(offering?.id, { field: 'offering.id', lengthMax: 64 }),
    idempotencyKey: parseIdempotencyKey(unchecked.idempotencyKey),
  });
  if (fields.kind === 'refused') return fields;
  const { offeringId: _, ...rest } = fields.value;
  return parsed({
    kind: 'redeem_customer_credit',
    ...rest,
    ...present('offering', offering),
    ...present('weekday', weekday),
    ...present('isGuest', isGuest === true ? isGuest : undefined),
  });
}

/** Checks a request to undo a use. */
export function parseReverseRedemption(
  unchecked: {
    readonly redemptionId: string;
    readonly customerCreditId?: string | undefined;
  } & Unchecked,
): Parsed<ReverseRedemption> {
  return parseCommand('reverse_redemption', {
    redemptionId: parseRecordId(unchecked.redemptionId, 'redemption_id'),
    customerCreditId: parseOptionalRecordId(unchecked.customerCreditId, 'customer_credit_id'),
    customerId: parseOptionalText(unchecked.customerId, customerRule),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}

/** Checks a request to take a credit back. */
export function parseRevokeCustomerCredit(
  unchecked: { readonly customerCreditId: string } & Unchecked,
): Parsed<RevokeCustomerCredit> {
  return parseCommand('revoke_customer_credit', {
    customerCreditId: parseRecordId(unchecked.customerCreditId, 'customer_credit_id'),
    customerId: parseOptionalText(unchecked.customerId, customerRule),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}
