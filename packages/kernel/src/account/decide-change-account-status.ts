// May this account be frozen, unfrozen or closed?
import { findAccount, type BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import { refuse, type Refusal } from '../value/refusal.ts';
import { snapshotOf, type Account } from './account.ts';
import { statusAfter, type ChangeAccountStatus } from './commands.ts';
import { refuseUnknownAccount } from './refusals.ts';

const changeKinds = {
  freeze_account: 'account_frozen',
  unfreeze_account: 'account_unfrozen',
  close_account: 'account_closed',
} as const;

/**
 * Decides a change of status. Refuses a state that is already there, and any change of a closed
 * account. Closing needs no zero balance.
 */
export function decideChangeAccountStatus(
  state: BookState,
  command: ChangeAccountStatus,
): Decision {
  const account = findAccount(state, command.account);
  if (account === undefined) return refuseUnknownAccount(command.account);
  const refusal = judgeStatus(account, command.kind);
  if (refusal !== undefined) return refusal;
  if (command.kind === 'close_account' && account.holds.length > 0) {
    const metadata = { account_id: account.id, hold_count: String(account.holds.length) };
    return refuse('ACCOUNT_HAS_HOLDS', 'Holds on the account are active.', metadata);
  }
  const changed = {
    ...snapshotOf(account),
    status: statusAfter[command.kind],
    updatedAt: state.instant,
    sequence: nextSequence(state),
  };
  return accept(state, command, { kind: changeKinds[command.kind], account: changed });
}

function judgeStatus(account: Account, kind: ChangeAccountStatus['kind']): Refusal | undefined {
  const metadata = { account_id: account.id };
  if (account.status === 'closed') {
    return kind === 'close_account'
      ? refuse('ACCOUNT_ALREADY_CLOSED', 'The account is closed already.', metadata)
      : refuse('ACCOUNT_CLOSED', 'The account is closed.', metadata);
  }
  if (kind === 'freeze_account' && account.status === 'frozen') {
    return refuse('ACCOUNT_ALREADY_FROZEN', 'The account is frozen already.', metadata);
  }
  if (kind === 'unfreeze_account' && account.status === 'active') {
    return refuse('ACCOUNT_NOT_FROZEN', 'The account is not frozen.', metadata);
  }
  return undefined;
}
