// Takes a write that was accepted into the book, and says what its answer must be.
import type { TransactionAnswer, WriteAnswer } from '../history/answer.ts';
import type { CreateRequest, Side, StatusRequest, UpdateRequest, Write } from '../history/call.ts';
import { parseDecimal } from './amount.ts';
import {
  findAccount,
  fingerprintOf,
  nameKey,
  type ModelAccount,
  type ModelBook,
  type ModelTransaction,
} from './book.ts';
import type { StatusMethod } from './judge-status-change.ts';
import { toAccountAnswer, toTransactionAnswer } from './present.ts';

/** What the ledger alone decides: ids and the instant, taken from its answer. */
type Given = { readonly observed: WriteAnswer; readonly sequence: number; readonly at: string };

type Line = { readonly account: ModelAccount; readonly side: Side; readonly amount: bigint };

/**
 * Changes the book by one accepted write and gives the answer that it must have had. Ids and the
 * instant are those of the observed answer; everything else is the model's own.
 */
export function apply(book: ModelBook, write: Write, observed: WriteAnswer): WriteAnswer {
  const sequence = book.sequence + 1;
  const at = observed.transaction?.createdAt ?? observed.account?.updatedAt ?? '';
  const key = write.request.idempotencyKey;
  const fingerprint = key === undefined ? '' : fingerprintOf(book, write);
  const given = { observed, sequence, at };
  book.sequence = sequence;
  book.instant = at;
  const answer = takeIn(book, write, given);
  if (key !== undefined) book.keys.set(key, { fingerprint, sequence });
  return { ...answer, sequence: String(sequence) };
}

function takeIn(book: ModelBook, write: Write, given: Given): WriteAnswer {
  switch (write.method) {
    case 'Credit':
    case 'Debit':
    case 'PostTransaction': {
      const { reference, idempotencyKey } = write.request;
      const kind = transactionKinds[write.method];
      const metadata = write.method === 'PostTransaction' ? {} : pickMetadata(write.request);
      const terms = { kind, reference, idempotencyKey, ...metadata };
      const transaction = post(book, linesOf(book, write), { ...given, ...terms });
      book.transactionsByKey.set(idempotencyKey, transaction);
      return { transaction: toTransactionAnswer(transaction) };
    }
    case 'ReverseTransaction':
      return { transaction: toTransactionAnswer(reverse(book, write, given)) };
    case 'CreateAccount':
      return { account: toAccountAnswer(create(book, write.request, given)) };
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
      return { account: toAccountAnswer(changeStatus(book, write, given)) };
    case 'UpdateAccount':
      return { account: toAccountAnswer(update(book, write.request, given)) };
  }
}

const transactionKinds = {
  Credit: 'TRANSACTION_KIND_CREDIT',
  Debit: 'TRANSACTION_KIND_DEBIT',
  PostTransaction: 'TRANSACTION_KIND_POST',
} as const;

type Posted = Extract<Write, { readonly method: keyof typeof transactionKinds }>;

function pickMetadata({ metadata }: { readonly metadata?: Readonly<Record<string, unknown>> }) {
  return metadata === undefined ? {} : { metadata };
}

function linesOf(book: ModelBook, write: Posted): readonly Line[] {
  const side = write.method === 'Credit' ? 'ENTRY_SIDE_CREDIT' : 'ENTRY_SIDE_DEBIT';
  const entries =
    write.method === 'PostTransaction' ? write.request.entries : [{ ...write.request, side }];
  return entries.flatMap(({ account: ref, side: lineSide, amount }) => {
    const account = findAccount(book, ref);
    if (account === undefined) return [];
    const value = parseDecimal(amount, account.unit.scale) ?? 0n;
    return [{ account, side: lineSide as Side, amount: value }];
  });
}

type Terms = Given & {
  readonly kind: string;
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly reversalOf?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

function post(book: ModelBook, lines: readonly Line[], terms: Terms): ModelTransaction {
  const { observed, sequence, at, ...rest } = terms;
  const shown = observed.transaction;
  const transaction: ModelTransaction = {
    ...rest,
    id: shown?.id ?? `(opening at ${sequence})`,
    unit: lines[0]?.account.unit ?? { label: '', scale: 0 },
    lines: lines.map((line, index) => moved(line, shown?.entries[index]?.id ?? '')),
    createdAt: at,
    sequence,
  };
  for (const { account, ...line } of transaction.lines) {
    account.sequence = sequence;
    account.balanceAt = at;
    account.entries.push({ ...line, transaction });
  }
  keep(book, transaction);
  return transaction;
}

function moved(line: Line, id: string): ModelTransaction['lines'][number] {
  const { account, side, amount } = line;
  account.balance += side === 'ENTRY_SIDE_CREDIT' ? amount : -amount;
  return { id, account, side, amount, balanceAfter: account.balance };
}

function keep(book: ModelBook, transaction: ModelTransaction): void {
  book.transactions.set(transaction.id, transaction);
  book.transactionsInOrder.push(transaction);
  const { reference } = transaction;
  const same = book.transactionsByReference.get(reference);
  if (same === undefined) book.transactionsByReference.set(reference, [transaction]);
  else same.push(transaction);
  if (transaction.reversalOf !== undefined) {
    book.reversals.set(transaction.reversalOf, transaction);
  }
}

type Reversal = Extract<Write, { readonly method: 'ReverseTransaction' }>;

function reverse(book: ModelBook, { request }: Reversal, given: Given): ModelTransaction {
  const original = book.transactions.get(request.transactionId);
  const lines = (original?.lines ?? []).map(({ account, side, amount }) => ({
    account,
    side:
      side === 'ENTRY_SIDE_CREDIT' ? ('ENTRY_SIDE_DEBIT' as const) : ('ENTRY_SIDE_CREDIT' as const),
    amount,
  }));
  const transaction = post(book, lines, {
    ...given,
    kind: 'TRANSACTION_KIND_REVERSAL',
    reference: original?.reference ?? '',
    idempotencyKey: `reversal:${request.transactionId}`,
    reversalOf: request.transactionId,
  });
  const key = request.idempotencyKey;
  if (key !== undefined) book.transactionsByKey.set(key, transaction);
  return transaction;
}

function create(book: ModelBook, request: CreateRequest, given: Given): ModelAccount {
  const { unitLabel, unitScale = 0, customerId, name = 'default', externalId } = request;
  const unit = book.units.get(unitLabel) ?? { label: unitLabel, scale: unitScale };
  book.units.set(unitLabel, unit);
  const account: ModelAccount = {
    id: given.observed.account?.id ?? '',
    externalId,
    customerId,
    name,
    unit,
    createdAt: given.at,
    status: 'active',
    balance: 0n,
    displayName: request.displayName ?? '',
    updatedAt: given.at,
    balanceAt: given.at,
    sequence: given.sequence,
    entries: [],
  };
  book.accounts.set(account.id, account);
  book.accountsByExternalId.set(externalId, account);
  book.accountsByName.set(nameKey(customerId, name), account);
  const amount = parseDecimal(request.initialBalance ?? '0', unit.scale) ?? 0n;
  if (amount === 0n) return account;
  const opening = open(book, { account, side: 'ENTRY_SIDE_CREDIT', amount }, given);
  book.transactionsByKey.set(request.idempotencyKey, opening);
  return account;
}

function open(book: ModelBook, line: Line, given: Given): ModelTransaction {
  return post(book, [line], {
    ...given,
    observed: openingOf(given.observed),
    kind: 'TRANSACTION_KIND_OPENING',
    reference: 'opening',
    idempotencyKey: `opening:${line.account.id}`,
  });
}

/** The opening credit is in no answer to a creation; the final history shows it. */
function openingOf(observed: WriteAnswer): WriteAnswer {
  const { transaction } = observed;
  return transaction === undefined ? {} : { transaction: transaction satisfies TransactionAnswer };
}

const statusesAfter = {
  FreezeAccount: 'frozen',
  UnfreezeAccount: 'active',
  CloseAccount: 'closed',
} as const;

type StatusChange = Extract<Write, { readonly method: StatusMethod }>;

function changeStatus(book: ModelBook, change: StatusChange, given: Given): ModelAccount {
  const account = touched(book, change.request, given);
  account.status = statusesAfter[change.method];
  const name = nameKey(account.customerId, account.name);
  if (account.status === 'closed') book.accountsByName.delete(name);
  return account;
}

function update(book: ModelBook, request: UpdateRequest, given: Given): ModelAccount {
  const account = touched(book, request, given);
  account.displayName = request.displayName;
  return account;
}

function touched(
  book: ModelBook,
  { account: ref }: StatusRequest | UpdateRequest,
  { at, sequence }: Given,
): ModelAccount {
  const account = findAccount(book, ref);
  if (account === undefined) throw new Error(`the model has no account for event ${sequence}`);
  account.updatedAt = at;
  account.sequence = sequence;
  return account;
}
