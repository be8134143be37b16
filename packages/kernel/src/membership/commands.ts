// Commands on memberships, and how they are made from unchecked input.
import { parseRecordId } from '../coupon/parse-record-id.ts';
import {
  parseIdempotencyKey,
  parseOptionalIdempotencyKey,
  type OptionallyKeyed,
} from '../value/idempotency-key.ts';
import type { Instant } from '../value/instant.ts';
import { parseCommand, parseFields } from '../value/parse-fields.ts';
import { present } from '../value/present.ts';
import { parsed, refuseField, type Parsed } from '../value/refusal.ts';
import { parseText } from '../value/text.ts';
import type { MembershipStatus } from './membership.ts';

/** Makes a membership. */
export interface CreateMembership {
  readonly kind: 'create_membership';
  readonly customerId: string;
  readonly membershipTypeId: string;
  /** Absent: active, or upcoming when the anchor is in the future. */
  readonly status?: MembershipStatus;
  /** Absent: now. */
  readonly anchor?: Instant;
  readonly idempotencyKey?: string;
}

/** Suspends, resumes or ends a membership. */
export interface SetMembershipStatus {
  readonly kind: 'set_membership_status';
  readonly membershipId: string;
  readonly status: MembershipStatus;
  readonly idempotencyKey?: string;
}

/** Tells that a membership was charged. */
export interface NoteMembershipCharge {
  readonly kind: 'note_membership_charge';
  readonly membershipId: string;
  /** Absent: in a month. */
  readonly nextChargeAt?: Instant;
  readonly idempotencyKey: string;
}

/** Issues what a membership has not got. */
export interface IssueMissingCredits {
  readonly kind: 'issue_missing_credits';
  readonly membershipId: string;
  readonly idempotencyKey?: string;
}

/** Books the periods of a membership that have begun: the first 50, if there are more. */
export interface BookMembershipPeriods {
  readonly kind: 'book_membership_periods';
  readonly membershipId: string;
  readonly idempotencyKey?: undefined;
}

/** Checks a request for a membership. Refuses with the field named. */
export function parseCreateMembership(
  unchecked: {
    readonly customerId: string;
    readonly membershipTypeId: string;
    readonly status?: MembershipStatus | undefined;
    readonly anchor?: Instant | undefined;
  } & OptionallyKeyed,
): Parsed<CreateMembership> {
  const { status, anchor } = unchecked;
  const typeRule = { field: 'membership_type_id', lengthMax: 255 };
  const fields = parseFields({
    customerId: parseText(unchecked.customerId, { field: 'customer_id', lengthMax: 255 }),
    membershipTypeId: parseText(unchecked.membershipTypeId, typeRule),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
  if (fields.kind === 'refused') return fields;
  if (status === 'expired' || status === 'cancelled') {
    return refuseField('status', 'is one that a membership ends with');
  }
  const more = { ...present('status', status), ...present('anchor', anchor) };
  return parsed({ kind: 'create_membership', ...fields.value, ...more });
}

/** Checks a request for another status. */
export function parseSetMembershipStatus(
  unchecked: { readonly membershipId: string; readonly status: MembershipStatus } & OptionallyKeyed,
): Parsed<SetMembershipStatus> {
  return parseCommand('set_membership_status', {
    membershipId: parseRecordId(unchecked.membershipId, 'membership_id'),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
    status: parsed(unchecked.status),
  });
}

/** Checks the news of a charge. */
export function parseNoteMembershipCharge(unchecked: {
  readonly membershipId: string;
  readonly nextChargeAt?: Instant | undefined;
  readonly idempotencyKey: string;
}): Parsed<NoteMembershipCharge> {
  return parseCommand('note_membership_charge', {
    membershipId: parseRecordId(unchecked.membershipId, 'membership_id'),
    idempotencyKey: parseIdempotencyKey(unchecked.idempotencyKey),
    nextChargeAt: parsed(unchecked.nextChargeAt),
  });
}

/** Checks a request to issue what a membership has not got. */
export function parseIssueMissingCredits(
  unchecked: { readonly membershipId: string } & OptionallyKeyed,
): Parsed<IssueMissingCredits> {
  return parseCommand('issue_missing_credits', {
    membershipId: parseRecordId(unchecked.membershipId, 'membership_id'),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}
