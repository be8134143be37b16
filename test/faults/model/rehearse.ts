// What an atomic batch would have come to: its items are taken in one after another up to the one
// that is refused, and then all of it is taken back.
import type { Write } from '../history/call.ts';
import { apply } from './apply.ts';
import type { ModelBook } from './book.ts';
import { judge } from './judge.ts';
import type { Refusal } from './verdict.ts';

/** What must be told of an item of an atomic batch of which one item was refused. */
export type Rehearsed =
  | { readonly kind: 'replayed'; readonly sequence: number }
  | { readonly kind: 'refused'; readonly anyOf: readonly Refusal[] }
  | { readonly kind: 'not_applied' };

const notApplied: Rehearsed = { kind: 'not_applied' };

/** Judges the postings in their order and leaves the book as it was. */
export function rehearse(book: ModelBook, writes: readonly Write[]): readonly Rehearsed[] {
  const start = book.sequence;
  const undos: (() => void)[] = [];
  const rehearsed: Rehearsed[] = [];
  for (const write of writes) {
    const verdict = judge(book, write);
    if (verdict.kind === 'refused') {
      rehearsed.push(verdict);
      break;
    }
    if (verdict.kind === 'accepted') undos.push(applyForNow(book, write));
    // A replay of an item of this very batch falls with it.
    const stands = verdict.kind === 'replayed' && verdict.sequence <= start;
    rehearsed.push(stands ? verdict : notApplied);
  }
  for (const undo of undos.toReversed()) undo();
  return writes.map((_, index) => rehearsed[index] ?? notApplied);
}

/** Takes a posting in; gives the way back. */
function applyForNow(book: ModelBook, write: Write): () => void {
  const { sequence, instant } = book;
  const accounts = [...book.accounts.values()].map((account) => {
    const { balance, balanceAt, sequence: touched } = account;
    return { account, facts: { balance, balanceAt, sequence: touched } };
  });
  apply(book, write, {});
  return () => {
    Object.assign(book, { sequence, instant });
    for (const { account, facts } of accounts) Object.assign(account, facts);
    forgetLast(book, write);
  };
}

function forgetLast(book: ModelBook, { request }: Write): void {
  const transaction = book.transactionsInOrder.pop();
  if (transaction === undefined) throw new Error('the model has made no transaction');
  for (const { account } of transaction.lines) account.entries.pop();
  book.transactions.delete(transaction.id);
  book.transactionsByReference.get(transaction.reference)?.pop();
  if (transaction.reversalOf !== undefined) book.reversals.delete(transaction.reversalOf);
  const key = request.idempotencyKey;
  if (key === undefined) return;
  book.keys.delete(key);
  book.transactionsByKey.delete(key);
}
