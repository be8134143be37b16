// May these entries be posted together?
import { judgePostable, refuseUnknownAccount } from '../account/refusals.ts';
import { availableBalance, type Account } from '../account/account.ts';
import { findAccount, type BookState } from '../book/book-state.ts';
import { accept, type Decision } from '../book/decision.ts';
import { freePool } from '../grant/draw.ts';
import { formatAmount, scaleAmount } from '../value/amount.ts';
import { parsed, refuse, type Parsed, type Refusal } from '../value/refusal.ts';
import { buildPosting, type DecidedLine } from './build-posting.ts';
import type { PostTransaction, RequestedEntry } from './commands.ts';
import { judgeFloor } from './judge-floor.ts';

/**
 * Decides several entries at once: known accounts, each once, one unit, none frozen or closed,
 * debits equal to credits, no debit beyond what is available and not granted.
 */
export function decidePostTransaction(state: BookState, command: PostTransaction): Decision {
  const accounts = findAccounts(state, command.entries);
  if (accounts.kind === 'refused') return accounts;
  const unfit = judgeAccounts(accounts.value);
  if (unfit !== undefined) return unfit;
  const lines = scaleLines(command.entries, accounts.value);
  if (lines.kind === 'refused') return lines;
  const unposted = judgeBalance(lines.value) ?? firstRefusal(lines.value, judgeTransferable);
  if (unposted !== undefined) return unposted;
  const { reference, idempotencyKey, metadata } = command;
  const terms = { kind: 'post', reference, idempotencyKey, metadata } as const;
  const posting = buildPosting(state, lines.value, terms);
  return accept(state, command, { kind: 'transaction_posted', posting });
}

type AccountLine = DecidedLine & { readonly account: Account };

function findAccounts(
  state: BookState,
  entries: readonly RequestedEntry[],
): Parsed<readonly Account[]> {
  const accounts: Account[] = [];
  for (const entry of entries) {
    const account = findAccount(state, entry.account);
    if (account === undefined) return refuseUnknownAccount(entry.account);
    accounts.push(account);
  }
  return parsed(accounts);
}

function judgeAccounts(accounts: readonly Account[]): Refusal | undefined {
  const repeated = accounts.find((account, index) => accounts.indexOf(account) !== index);
  if (repeated !== undefined) {
    const metadata = { account_id: repeated.id };
    return refuse('ACCOUNT_REPEATED', 'A transaction names each account once.', metadata);
  }
  const label = accounts[0]?.unit.label ?? '';
  const other = accounts.find((account) => account.unit.label !== label);
  if (other !== undefined) {
    const metadata = { unit_label: label, other_unit_label: other.unit.label };
    return refuse('UNIT_MISMATCH', 'All accounts of a transaction have one unit.', metadata);
  }
  return firstRefusal(accounts, judgePostable);
}

function scaleLines(
  entries: readonly RequestedEntry[],
  accounts: readonly Account[],
): Parsed<readonly AccountLine[]> {
  const lines: AccountLine[] = [];
  for (const [index, account] of accounts.entries()) {
    const entry = entries[index] as RequestedEntry;
    const amount = scaleAmount(entry.amount, account.unit.scale, `entries[${index}].amount`);
    if (amount.kind === 'refused') return amount;
    lines.push({ account, side: entry.side, amount: amount.value });
  }
  return parsed(lines);
}

function judgeBalance(lines: readonly DecidedLine[]): Refusal | undefined {
  const total = (side: DecidedLine['side']): bigint =>
    lines.reduce((sum, line) => (line.side === side ? sum + line.amount : sum), 0n);
  const [debits, credits] = [total('debit'), total('credit')];
  if (debits === credits) return undefined;
  const scale = lines[0]?.account.unit.scale ?? 0;
  return refuse('ENTRIES_UNBALANCED', 'Debits and credits of a transaction are equal.', {
    field: 'entries',
    debits: formatAmount(debits, scale),
    credits: formatAmount(credits, scale),
  });
}

/** Granted credits stay where they were granted: a transfer takes from the pool alone. */
function judgeTransferable(line: AccountLine): Refusal | undefined {
  const { account, side, amount } = line;
  if (side === 'credit' || account.grants.length === 0) return judgeFloor(line);
  const transferable = freePool(account);
  if (amount <= transferable) return undefined;
  const { scale } = account.unit;
  const message = 'The credits that can be transferred do not cover the amount.';
  return refuse('INSUFFICIENT_BALANCE', message, {
    account_id: account.id,
    required: formatAmount(amount, scale),
    available: formatAmount(availableBalance(account), scale),
    transferable: formatAmount(transferable, scale),
  });
}

/** The first refusal among several things, judged one by one. */
export function firstRefusal<T>(
  items: readonly T[],
  judge: (item: T) => Refusal | undefined,
): Refusal | undefined {
  for (const item of items) {
    const refusal = judge(item);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
