// May what is left of this grant be taken back?
import type { AccountSnapshot } from '../account/account.ts';
import { findGrant, type BookState } from '../book/book-state.ts';
import { accept, type Decision } from '../book/decision.ts';
import { buildPosting } from '../transaction/build-posting.ts';
import type { Posting } from '../transaction/transaction.ts';
import { present } from '../value/present.ts';
import { refuse, type Refusal } from '../value/refusal.ts';
import type { VoidGrant } from './commands.ts';
import { grantStatusAt, type Grant } from './grant.ts';
import { settleAllocations } from './settle-allocations.ts';

/**
 * Decides a void: what is left and not kept by a hold goes back to `issued`; what holds give back
 * later follows it. A grant voided before answers that void again; an expired one is refused.
 */
export function decideVoidGrant(state: BookState, command: VoidGrant): Decision {
  const found = findGrant(state, command.grantId);
  if (found === undefined) return refuseUnknownGrant(command.grantId);
  const { grant, account } = found;
  const ending = grant.status === 'voided' ? state.endingsById.get(grant.id) : undefined;
  if (ending !== undefined) return { kind: 'replayed', event: ending };
  const status = grantStatusAt(grant, state.instant);
  if (status === 'expired' || status === 'voided') {
    const metadata = { grant_id: grant.id, status };
    return refuse('GRANT_NOT_ACTIVE', `The grant is ${status}.`, metadata);
  }
  if (account.status === 'closed') {
    const metadata = { account_id: account.id };
    return refuse('ACCOUNT_CLOSED', 'The account is closed.', metadata);
  }
  return accept(state, command, {
    kind: 'grant_voided',
    ...voidOf(state, { grant, account, ...present('reference', command.reference) }),
  });
}

/** No such grant in this book. */
export function refuseUnknownGrant(grant: string): Refusal {
  return refuse('GRANT_NOT_FOUND', 'No such grant.', { grant });
}

/** What a void makes of a grant, and what it posts. */
export function voidOf(
  state: BookState,
  options: {
    readonly grant: Grant;
    readonly account: AccountSnapshot;
    readonly reference?: string;
  },
): { readonly grants: readonly [Grant]; readonly posting?: Posting } {
  const { grant, account, reference = 'void' } = options;
  if (grant.status === 'scheduled') {
    return { grants: [{ ...grant, status: 'voided', remaining: 0n, voided: grant.amount }] };
  }
  const amount = grant.remaining - grant.held;
  if (amount === 0n) return { grants: [{ ...grant, status: 'voided' }] };
  const allocations = [{ grantId: grant.id, amount }];
  const [settled = grant] = settleAllocations(() => grant, allocations, 'void');
  const posting = buildPosting(state, [{ account, side: 'debit', amount, allocations }], {
    kind: 'void',
    reference,
    idempotencyKey: `void:${grant.id}:${grant.voided}`,
    counterpart: 'issued',
  });
  return { grants: [{ ...settled, status: 'voided' }], posting };
}
