// Commands: what callers ask of a book.
import type { ChangeAccountStatus, CreateAccount, UpdateAccount } from '../account/commands.ts';
import type { PostOneSided, PostTransaction, ReverseTransaction } from '../transaction/commands.ts';
import type { AccountRef } from '../account/account.ts';

/** Anything that can change a book. */
export type Command =
  | CreateAccount
  | UpdateAccount
  | ChangeAccountStatus
  | PostOneSided
  | PostTransaction
  | ReverseTransaction;

/** The accounts that a command names by itself; a reversal touches others besides. */
export function accountRefsOf(command: Command): readonly AccountRef[] {
  switch (command.kind) {
    case 'create_account':
      return [];
    case 'post_transaction':
      return command.entries.map((entry) => entry.account);
    case 'reverse_transaction':
      return command.account === undefined ? [] : [command.account];
    case 'update_account':
    case 'freeze_account':
    case 'unfreeze_account':
    case 'close_account':
    case 'credit':
    case 'debit':
      return [command.account];
  }
}
