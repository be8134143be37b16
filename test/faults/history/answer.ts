// Answers as they stand on the wire in JSON: a field with its default is left out.
import type { Side } from './call.ts';

export type EntryAnswer = {
  readonly id: string;
  readonly accountId: string;
  readonly side: Side;
  readonly amount: string;
  readonly balanceAfter: string;
  readonly transactionId?: string;
  readonly sequence?: string;
  readonly createdAt?: string;
};

export type TransactionAnswer = {
  readonly id: string;
  readonly kind: string;
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly unitLabel: string;
  readonly unitScale?: number;
  readonly entries: readonly EntryAnswer[];
  readonly reversalOf?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly sequence: string;
};

export type AccountAnswer = {
  readonly id: string;
  readonly customerId: string;
  readonly name: string;
  readonly unitLabel: string;
  readonly unitScale?: number;
  readonly status: string;
  readonly balance: string;
  readonly held: string;
  readonly available: string;
  readonly externalId?: string;
  readonly displayName?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly sequence: string;
};

/** The answer to a write: one of the two, and the sequence of its event. */
export type WriteAnswer = {
  readonly transaction?: TransactionAnswer;
  readonly account?: AccountAnswer;
  readonly sequence?: string;
};

/** What became of one item of a batch; exactly one is set. */
export type BatchResult = {
  readonly posted?: { readonly transaction: TransactionAnswer; readonly replayed?: boolean };
  readonly refused?: {
    readonly reason: string;
    readonly code: string;
    readonly metadata?: Readonly<Record<string, string>>;
  };
  readonly notApplied?: object;
};

/** The answer to a batch. */
export type BatchAnswer = {
  readonly results?: readonly BatchResult[];
  readonly sequence?: string;
};

/** The answer to the making of a key; its text is in no history. */
export type KeyAnswer = { readonly key: { readonly id: string }; readonly apiKey: string };

/** What a refused or failed call was told. */
export type RefusalAnswer = {
  /** The Connect code, `failed_precondition` for instance; empty when nothing was answered. */
  readonly code: string;
  /** The reason without its prefix, or what happened to the connection. */
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
};
