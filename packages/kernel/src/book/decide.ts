// The decision: one command against the state of its book.
import { decideChangeAccountStatus } from '../account/decide-change-account-status.ts';
import { decideCreateAccount } from '../account/decide-create-account.ts';
import { decideUpdateAccount } from '../account/decide-update-account.ts';
import { decidePostOneSided } from '../transaction/decide-post-one-sided.ts';
import { decidePostTransaction } from '../transaction/decide-post-transaction.ts';
import { decideReverseTransaction } from '../transaction/decide-reverse-transaction.ts';
import { refuse } from '../value/refusal.ts';
import type { BookState } from './book-state.ts';
import type { Command } from './command.ts';
import type { Decision } from './decision.ts';
import { requestDigest } from './request-digest.ts';

/**
 * Decides a command whose form was checked. Reads the state and changes nothing: an accepted
 * decision takes effect by `applyAccepted`. Order of judgement: replay, existence, status, amount
 * and floor.
 */
export function decide(state: BookState, command: Command): Decision {
  return judgeKey(state, command) ?? judge(state, command);
}

function judgeKey(state: BookState, command: Command): Decision | undefined {
  const key = command.idempotencyKey;
  const recorded = key === undefined ? undefined : state.eventsByKey.get(key);
  if (key === undefined || recorded === undefined) return undefined;
  if (recorded.requestDigest === requestDigest(state, command)) {
    return { kind: 'replayed', event: recorded.event };
  }
  return refuse('IDEMPOTENCY_KEY_REUSED', 'The idempotency key was used for another request.', {
    idempotency_key: key,
  });
}

function judge(state: BookState, command: Command): Decision {
  switch (command.kind) {
    case 'create_account':
      return decideCreateAccount(state, command);
    case 'update_account':
      return decideUpdateAccount(state, command);
    case 'freeze_account':
    case 'unfreeze_account':
    case 'close_account':
      return decideChangeAccountStatus(state, command);
    case 'credit':
    case 'debit':
      return decidePostOneSided(state, command);
    case 'post_transaction':
      return decidePostTransaction(state, command);
    case 'reverse_transaction':
      return decideReverseTransaction(state, command);
  }
}
