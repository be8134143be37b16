// Refusals about holds that several decisions share.
import type { BookState } from '../book/book-state.ts';
import { formatAmount } from '../value/amount.ts';
import type { Instant } from '../value/instant.ts';
import { parsed, refuse, refuseField, type Parsed, type Refusal } from '../value/refusal.ts';
import { ttlMsMax, type HoldEnd } from './commands.ts';
import type { Hold } from './hold.ts';

/** No such hold in this book. */
export function refuseUnknownHold(hold: string): Refusal {
  return refuse('HOLD_NOT_FOUND', 'No such hold.', { hold });
}

/** The hold has ended. `status` says how. */
export function refuseEnded(hold: Hold): Refusal {
  const metadata = { hold_id: hold.id, status: hold.status };
  return refuse('HOLD_NOT_ACTIVE', `The hold is ${hold.status}.`, metadata);
}

/** A capture of more than the hold keeps. */
export function refuseExceeded(hold: Hold, required: bigint, scale: number): Refusal {
  return refuse('HOLD_EXCEEDED', 'The hold keeps less than that.', {
    hold_id: hold.id,
    required: formatAmount(required, scale),
    remaining: formatAmount(hold.remaining, scale),
  });
}

/** The instant at which a hold ends, after the batch's own and at most a day later. */
export function decideEnd(state: BookState, end: HoldEnd): Parsed<Instant> {
  const { instant } = state;
  if (end.kind === 'ttl') return parsed((instant + end.ttlMs) as Instant);
  if (end.expiresAt <= instant) return refuseField('expires_at', 'is not in the future');
  if (end.expiresAt > instant + ttlMsMax) {
    return refuseField('expires_at', 'is more than 24 hours ahead');
  }
  return parsed(end.expiresAt);
}
