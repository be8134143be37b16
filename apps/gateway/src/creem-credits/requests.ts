// The Customer Credits API's requests as the ledger's.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AccountRefSchema, PostTransactionRequestSchema } from '@scrip/contract';
import { EntrySide } from '@scrip/contract';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Static } from 'typebox';
import { invalidField } from '../faults/fault.ts';
import { parseInstant } from '../instants.ts';
import type { PageQuery, PostingBody, PostTransactionBody } from './schemas.ts';

export function accountRef(id: string): MessageInitShape<typeof AccountRefSchema> {
  return { ref: { case: 'id', value: id } };
}

export function postingRequest(id: string, body: Static<typeof PostingBody>) {
  return {
    account: accountRef(id),
    amount: body.amount,
    reference: body.reference,
    idempotencyKey: body.idempotency_key,
  };
}

export function postTransactionRequest(
  body: Static<typeof PostTransactionBody>,
): MessageInitShape<typeof PostTransactionRequestSchema> {
  return {
    reference: body.reference,
    idempotencyKey: body.idempotency_key,
    entries: body.entries.map(({ account_id, side, amount }) => ({
      account: accountRef(account_id),
      side: side === 'credit' ? EntrySide.CREDIT : EntrySide.DEBIT,
      amount,
    })),
  };
}

/** The page asked for; both cursors at once are refused. */
export function pageRequest(query: Static<typeof PageQuery>) {
  const { limit, starting_after: after, ending_before: before } = query;
  if (after !== undefined && before !== undefined) {
    throw invalidField('ending_before', 'cannot be combined with starting_after');
  }
  return { pageSize: limit, cursor: cursorRequest(after, before) };
}

function cursorRequest(after: string | undefined, before: string | undefined) {
  if (after !== undefined) return { case: 'startingAfter' as const, value: after };
  if (before !== undefined) return { case: 'endingBefore' as const, value: before };
  return { case: undefined };
}

export function instantRequest(at: string): Timestamp {
  const instant = parseInstant(at);
  if (instant !== undefined) return instant;
  // A plus sign in a query means a space.
  if (/ \d\d:\d\d$/.test(at)) throw invalidField('at', 'has a space in it: write + as %2B');
  const problem = 'must be an ISO 8601 date-time with an offset, 2026-05-01T08:00:00Z for instance';
  throw invalidField('at', problem);
}
