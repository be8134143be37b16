// An effect: one event of the book, with all the operations that have to do with it.
import type { AccountAnswer, TransactionAnswer, WriteAnswer } from '../history/answer.ts';
import { callOf, type Operation } from '../history/operation.ts';
import { isWrite, type Write } from '../history/call.ts';

export type Effect = {
  readonly sequence: number;
  /** Names the intention: a key, or the transaction that is undone. */
  readonly identity: string;
  /** An operation that asked for it. */
  asked: Operation;
  /** What it answered; from the final history when no answer came through. */
  observed: WriteAnswer;
  /** The observed answer came as a replay: personal fields may have changed since. */
  observedInReplay: boolean;
  /** Those that were answered with it. */
  readonly answered: Operation[];
  /** Those with the same identity that may have made it. */
  readonly unsettled: Operation[];
  seenInHistory: boolean;
};

/** The write of an operation that is one. */
export function writeOf(operation: Operation): Write {
  const call = callOf(operation);
  if (!isWrite(call)) throw new Error(`operation ${operation.id} is no write`);
  return call;
}

/** One intention has one effect: a key, or the reversal of one transaction. */
export function identityOf(write: Write): string {
  if (write.method === 'ReverseTransaction') return `reversal of ${write.request.transactionId}`;
  return `key ${write.request.idempotencyKey}`;
}

/** An answer in one spelling, without what may rightly differ in a replay. */
export function canonicalAnswer({ account, transaction }: WriteAnswer): string {
  return JSON.stringify({ account: account && withoutPersonal(account), transaction });
}

function withoutPersonal(account: AccountAnswer): object {
  return { ...account, displayName: undefined, email: undefined, metadata: undefined };
}

/** Whether a transaction found in the history is what the write asked for. */
export function isAskedFor(write: Write, transaction: TransactionAnswer): boolean {
  const { entries, reference } = transaction;
  switch (write.method) {
    case 'Credit':
    case 'Debit': {
      const kind = `TRANSACTION_KIND_${write.method.toUpperCase()}`;
      const isSame = transaction.kind === kind && reference === write.request.reference;
      return isSame && isSameAmount(entries[0]?.amount, write.request.amount);
    }
    case 'PostTransaction':
      return (
        transaction.kind === 'TRANSACTION_KIND_POST' &&
        reference === write.request.reference &&
        entries.length === write.request.entries.length &&
        write.request.entries.every(
          ({ side, amount }, index) =>
            side === entries[index]?.side && isSameAmount(entries[index].amount, amount),
        )
      );
    case 'ReverseTransaction':
      return transaction.reversalOf === write.request.transactionId;
    case 'CreateAccount':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
    case 'UpdateAccount':
      return false;
  }
}

function isSameAmount(shown: string | undefined, asked: string): boolean {
  return shown === (asked.includes('.') ? asked.replace(/\.?0+$/, '') : asked);
}
