// Events as rows: the bytes, and what is looked up by.
import { accountIdsOf, assert, postingOf, type BookEvent, type Ids } from '@scrip/kernel';
import type { EncodedEvent } from '@scrip/engine';
import { keyDigestOf, referenceDigestOf } from './digest.ts';

/** The number of each kind of change in the column `kind`. Numbers are never used again. */
const numbersByKind = {
  account_created: 1,
  account_updated: 2,
  account_frozen: 3,
  account_unfrozen: 4,
  account_closed: 5,
  transaction_posted: 6,
  grant_scheduled: 7,
  grant_activated: 8,
  grant_expired: 9,
  grant_voided: 10,
  hold_created: 11,
  hold_extended: 12,
  hold_captured: 13,
  hold_released: 14,
  hold_expired: 15,
  schedule_created: 16,
  schedule_ended: 17,
  grant_issued: 18,
  clock_advanced: 19,
  coupon_created: 20,
  coupon_updated: 21,
  coupon_deleted: 22,
  coupon_restored: 23,
  coupon_code_created: 24,
  customer_credit_issued: 25,
  customer_credit_redeemed: 26,
  redemption_reversed: 27,
  customer_credit_revoked: 28,
  membership_created: 29,
  membership_status_changed: 30,
  membership_credits_issued: 31,
  credit_rule_created: 32,
  credit_rule_updated: 33,
  credit_rule_deleted: 34,
} as const satisfies Record<BookEvent['change']['kind'], number>;

/** The number that stands for a kind in the column `kind`. */
export function numberOfKind(kind: BookEvent['change']['kind']): number {
  return numbersByKind[kind];
}

/** The columns of an event, digests as hexadecimal digits. */
export interface EventRow {
  readonly sequence: number;
  readonly kind: number;
  readonly key_digest: string | null;
  readonly request_digest: string | null;
  readonly reference_digest: string | null;
  readonly subject: number | null;
  readonly body: Uint8Array;
}

/** An event as the columns of a write. */
export function toEventRow({ event, bytes, requestDigest }: EncodedEvent, ids: Ids): EventRow {
  const { idempotencyKey: key } = event;
  const transaction = postingOf(event)?.transaction;
  return {
    sequence: event.sequence,
    kind: numberOfKind(event.change.kind),
    key_digest: key === undefined ? null : keyDigestOf(key),
    request_digest: requestDigest ?? null,
    reference_digest: transaction === undefined ? null : referenceDigestOf(transaction.reference),
    // An event that moved credits changed no account otherwise.
    subject: sequenceOf(transaction?.reversalOf, ids) ?? changedAccountOf(event, ids),
    body: bytes,
  };
}

/** The account that an event changed without making it or moving credits: its key, if any. */
export function changedAccountOf(event: BookEvent, ids: Ids): number | null {
  const [accountId] = accountIdsOf(event);
  if (event.change.kind === 'account_created' || postingOf(event) !== undefined) return null;
  if (accountId === undefined) return null;
  const place = ids.accountPlace(accountId);
  assert(place !== undefined, 'a changed account is one of the book');
  return place.sequence;
}

function sequenceOf(transactionId: string | undefined, ids: Ids): number | null {
  if (transactionId === undefined) return null;
  const place = ids.transactionPlace(transactionId);
  assert(place !== undefined, 'a reversed transaction is one of the book');
  return place.sequence;
}
