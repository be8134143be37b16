// May this credit be taken back?
import type { BookState } from '../book/book-state.ts';
import { accept, type Decision } from '../book/decision.ts';
import { findCredit, refuseEndedCredit } from '../coupon/refusals.ts';
import { replayLast } from '../coupon/replay-last.ts';
import type { RevokeCustomerCredit } from './commands.ts';
import { creditStatus } from './customer-credit.ts';

/**
 * Decides a revocation. What was revoked answers that again, so that a retry is safe; what was
 * used up or has expired leaves nothing to revoke. Past uses of a multi-use credit stay.
 */
export function decideRevokeCredit(state: BookState, command: RevokeCustomerCredit): Decision {
  const found = findCredit(state, command);
  if (found.kind === 'refused') return found;
  const { instant } = state;
  const status = creditStatus(found.value, instant);
  if (status === 'revoked') return replayLast(state, found.value.id);
  if (status !== 'active') return refuseEndedCredit(found.value, status);
  const credit = { ...found.value, revokedAt: instant, updatedAt: instant };
  return accept(state, command, { kind: 'customer_credit_revoked', credit });
}
