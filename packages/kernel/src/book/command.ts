// Commands: what callers ask of a book.
import type { ChangeAccountStatus, CreateAccount, UpdateAccount } from '../account/commands.ts';
import type { PostOneSided, PostTransaction, ReverseTransaction } from '../transaction/commands.ts';
import type { VoidGrant } from '../grant/commands.ts';
import type { CaptureHold, CreateHold, ExtendHold, ReleaseHold } from '../hold/commands.ts';
import type { CreateSchedule, EndSchedule } from '../schedule/commands.ts';
import { isCouponCommand, type CouponCommand } from '../coupon/coupon-command.ts';
import type { AccountRef } from '../account/account.ts';

/** Books what is due on an account: the first 50 moves, if there are more. */
export interface BookDueMoves {
  readonly kind: 'book_due_moves';
  readonly account: AccountRef;
  readonly idempotencyKey?: undefined;
}

/** Moves the clock of the book forward. For test books; whoever submits it sees to that. */
export interface AdvanceClock {
  readonly kind: 'advance_clock';
  /** Milliseconds, at least 1. */
  readonly byMs: number;
  readonly idempotencyKey?: string;
}

/** Anything that can change a book. */
export type Command =
  | CouponCommand
  | BookDueMoves
  | AdvanceClock
  | CreateHold
  | CaptureHold
  | ExtendHold
  | ReleaseHold
  | VoidGrant
  | CreateSchedule
  | EndSchedule
  | CreateAccount
  | UpdateAccount
  | ChangeAccountStatus
  | PostOneSided
  | PostTransaction
  | ReverseTransaction;

/** The accounts that a command names by itself; a reversal touches others besides. */
export function accountRefsOf(command: Command): readonly AccountRef[] {
  if (isCouponCommand(command)) return [];
  switch (command.kind) {
    case 'create_account':
      return [];
    case 'post_transaction':
      return command.entries.map((entry) => entry.account);
    case 'reverse_transaction':
      return command.account === undefined ? [] : [command.account];
    // Their account is that of the hold or the grant.
    case 'capture_hold':
    case 'extend_hold':
    case 'release_hold':
    case 'void_grant':
    case 'end_schedule':
    case 'advance_clock':
      return [];
    case 'book_due_moves':
    case 'create_hold':
    case 'create_schedule':
    case 'update_account':
    case 'freeze_account':
    case 'unfreeze_account':
    case 'close_account':
    case 'credit':
    case 'debit':
      return [command.account];
  }
}
