// The floor: what is available never goes below zero.
import { availableBalance } from '../account/account.ts';
import { formatAmount } from '../value/amount.ts';
import { refuse, type Refusal } from '../value/refusal.ts';
import type { DecidedLine } from './build-posting.ts';

/** Refuses a debit beyond the available balance, with what is required and what there is. */
export function judgeFloor({ account, side, amount }: DecidedLine): Refusal | undefined {
  const available = availableBalance(account);
  if (side === 'credit' || amount <= available) return undefined;
  return refuse('INSUFFICIENT_BALANCE', 'The available balance does not cover the amount.', {
    account_id: account.id,
    required: formatAmount(amount, account.unit.scale),
    available: formatAmount(available, account.unit.scale),
  });
}
