// Judges a write against the book: form, key, existence, status, amount and floor, in this order.
import type {
  AccountRef,
  CreateRequest,
  OneSidedRequest,
  PostRequest,
  ReverseRequest,
  Write,
} from '../history/call.ts';
import { formatAmount, parseAmount, parseDecimal } from './amount.ts';
import {
  findAccount,
  fingerprintOf,
  nameKey,
  spellRef,
  type ModelAccount,
  type ModelBook,
} from './book.ts';
import { judgeForm } from './form.ts';
import { judgeStatusChange } from './judge-status-change.ts';
import { firstStage, refusal, type Refusal, type Verdict } from './verdict.ts';

type Line = { readonly account: ModelAccount; readonly taken: bigint };

/** Says what must become of a write that is judged now. */
export function judge(book: ModelBook, write: Write): Verdict {
  const malformed = judgeForm(write);
  // The book may know of a fault of form as well, or of another fault before it: any is right.
  if (malformed.length > 0) {
    const judged = judgeKey(book, write) ?? judgeState(book, write);
    const more = judged.kind === 'refused' ? judged.anyOf : [];
    return { kind: 'refused', anyOf: [...malformed, ...more] };
  }
  return judgeKey(book, write) ?? judgeState(book, write);
}

function judgeKey(book: ModelBook, write: Write): Verdict | undefined {
  const key = write.request.idempotencyKey;
  const kept = key === undefined ? undefined : book.keys.get(key);
  if (key === undefined || kept === undefined) return undefined;
  if (kept.fingerprint === fingerprintOf(book, write)) {
    return { kind: 'replayed', sequence: kept.sequence };
  }
  return {
    kind: 'refused',
    anyOf: [refusal('IDEMPOTENCY_KEY_REUSED', { idempotency_key: key })],
  };
}

function judgeState(book: ModelBook, { method, request }: Write): Verdict {
  switch (method) {
    case 'Credit':
    case 'Debit':
      return judgeOneSided(book, method, request);
    case 'PostTransaction':
      return judgePost(book, request);
    case 'ReverseTransaction':
      return judgeReversal(book, request);
    case 'CreateAccount':
      return judgeCreation(book, request);
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
      return firstStage([
        () => unknownAccounts(book, [request.account]),
        () => judgeStatusChange(method, findAccount(book, request.account)),
      ]);
    case 'UpdateAccount':
      return firstStage([() => unknownAccounts(book, [request.account])]);
  }
}

function judgeOneSided(
  book: ModelBook,
  method: 'Credit' | 'Debit',
  { account: ref, amount: text }: OneSidedRequest,
): Verdict {
  const account = findAccount(book, ref);
  if (account === undefined) return unknown(book, [ref]);
  const amount = parseAmount(text, account.unit.scale) ?? 0n;
  return firstStage([
    () => unpostable([account]),
    () => (amount === 0n ? [refusal('AMOUNT_INVALID')] : []),
    () => (method === 'Debit' ? short([{ account, taken: amount }]) : []),
  ]);
}

function judgePost(book: ModelBook, { entries }: PostRequest): Verdict {
  const refs = entries.map(({ account }) => account);
  const accounts = refs.flatMap((ref) => findAccount(book, ref) ?? []);
  if (accounts.length < refs.length) return unknown(book, refs);
  const lines = entries.flatMap(({ side, amount }, index) => {
    const account = accounts[index];
    if (account === undefined) return [];
    const value = parseAmount(amount, account.unit.scale) ?? 0n;
    return [{ account, value, taken: side === 'ENTRY_SIDE_DEBIT' ? value : 0n }];
  });
  const labels = new Set(accounts.map(({ unit }) => unit.label));
  return firstStage([
    () => [
      ...(new Set(accounts).size < accounts.length ? [refusal('ACCOUNT_REPEATED')] : []),
      ...(labels.size > 1 ? [refusal('UNIT_MISMATCH')] : []),
    ],
    () => unpostable(accounts),
    () => (lines.some(({ value }) => value === 0n) ? [refusal('AMOUNT_INVALID')] : []),
    () => short(lines),
  ]);
}

function judgeReversal(book: ModelBook, { transactionId }: ReverseRequest): Verdict {
  const original = book.transactions.get(transactionId);
  if (original === undefined) {
    const metadata = { transaction: transactionId };
    return { kind: 'refused', anyOf: [refusal('TRANSACTION_NOT_FOUND', metadata)] };
  }
  const earlier = book.reversals.get(transactionId);
  if (earlier !== undefined) return { kind: 'replayed', sequence: earlier.sequence };
  const lines = original.lines.map(({ account, side, amount }) => ({
    account,
    taken: side === 'ENTRY_SIDE_CREDIT' ? amount : 0n,
  }));
  const metadata = { transaction_id: transactionId };
  const isReversal = original.reversalOf !== undefined;
  return firstStage([
    () => (isReversal ? [refusal('TRANSACTION_NOT_REVERSIBLE', metadata)] : []),
    () => unpostable(lines.map(({ account }) => account)),
    () => short(lines),
  ]);
}

function judgeCreation(book: ModelBook, request: CreateRequest): Verdict {
  const { customerId, name = 'default', externalId, unitLabel, unitScale } = request;
  const unit = book.units.get(unitLabel);
  const scale = unit?.scale ?? unitScale ?? 0;
  const byExternalId = book.accountsByExternalId.get(externalId);
  const byName = book.accountsByName.get(nameKey(customerId, name));
  return firstStage([
    () => [
      ...(unitScale === undefined || unitScale === scale
        ? []
        : [refusal('UNIT_SCALE_CONFLICT', { unit_label: unitLabel, scale: String(scale) })]),
      ...taken('EXTERNAL_ID_TAKEN', byExternalId),
      ...taken('ACCOUNT_NAME_TAKEN', byName),
    ],
    () =>
      parseDecimal(request.initialBalance ?? '0', scale) === undefined
        ? [refusal('AMOUNT_INVALID')]
        : [],
  ]);
}

function taken(reason: string, account: ModelAccount | undefined): readonly Refusal[] {
  return account === undefined ? [] : [refusal(reason, { account_id: account.id })];
}

function unknown(book: ModelBook, refs: readonly AccountRef[]): Verdict {
  return { kind: 'refused', anyOf: unknownAccounts(book, refs) };
}

/** A refusal for each of the accounts that does not exist. */
export function unknownAccounts(book: ModelBook, refs: readonly AccountRef[]): readonly Refusal[] {
  return refs
    .filter((ref) => findAccount(book, ref) === undefined)
    .map((ref) => refusal('ACCOUNT_NOT_FOUND', { account: spellRef(ref) }));
}

function unpostable(accounts: readonly ModelAccount[]): readonly Refusal[] {
  return accounts
    .filter(({ status }) => status !== 'active')
    .map(({ id, status }) =>
      refusal(status === 'frozen' ? 'ACCOUNT_FROZEN' : 'ACCOUNT_CLOSED', { account_id: id }),
    );
}

function short(lines: readonly Line[]): readonly Refusal[] {
  return lines
    .filter(({ account, taken: amount }) => amount > account.balance)
    .map(({ account, taken: amount }) =>
      refusal('INSUFFICIENT_BALANCE', {
        account_id: account.id,
        required: formatAmount(amount, account.unit.scale),
        available: formatAmount(account.balance, account.unit.scale),
      }),
    );
}
