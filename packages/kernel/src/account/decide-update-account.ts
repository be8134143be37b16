// May these personal fields be changed? In every state: what is personal must stay erasable.
import { findAccount, type BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import type { PersonalFieldName } from '../book/event.ts';
import { refuseUnknownAccount } from './refusals.ts';
import { snapshotOf } from './account.ts';
import { withoutEmpty, type UpdateAccount } from './commands.ts';

/** Decides a change of personal fields. The event names the fields, never their contents. */
export function decideUpdateAccount(state: BookState, command: UpdateAccount): Decision {
  const account = findAccount(state, command.account);
  if (account === undefined) return refuseUnknownAccount(command.account);
  const { displayName, email, metadata } = { ...account.personal, ...command };
  const personal = withoutEmpty({
    ...(displayName === undefined ? {} : { displayName }),
    ...(email === undefined ? {} : { email }),
    ...(metadata === undefined ? {} : { metadata }),
  });
  const changed = {
    ...snapshotOf(account),
    updatedAt: state.instant,
    sequence: nextSequence(state),
  };
  const accepted = accept(state, command, {
    kind: 'account_updated',
    account: changed,
    changedFields: changedFields(command),
  });
  return { ...accepted, personal };
}

function changedFields(command: UpdateAccount): readonly PersonalFieldName[] {
  return [
    ...(command.displayName === undefined ? [] : (['display_name'] as const)),
    ...(command.email === undefined ? [] : (['email'] as const)),
    ...(command.metadata === undefined ? [] : (['metadata'] as const)),
  ];
}
