// The model's book: everything that the ledger promises to remember, in plain maps.
import type { AccountRef, Side, Write } from '../history/call.ts';

export type Status = 'active' | 'frozen' | 'closed';

export type ModelEntry = {
  readonly id: string;
  readonly side: Side;
  readonly amount: bigint;
  readonly balanceAfter: bigint;
  readonly transaction: ModelTransaction;
};

export type ModelTransaction = {
  readonly id: string;
  readonly kind: string;
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly unit: ModelUnit;
  readonly lines: readonly ModelLine[];
  readonly reversalOf?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly sequence: number;
};

export type ModelLine = {
  readonly id: string;
  readonly account: ModelAccount;
  readonly side: Side;
  readonly amount: bigint;
  readonly balanceAfter: bigint;
};

export type ModelUnit = { readonly label: string; readonly scale: number };

export type ModelAccount = {
  readonly id: string;
  readonly externalId: string;
  readonly customerId: string;
  readonly name: string;
  readonly unit: ModelUnit;
  readonly createdAt: string;
  status: Status;
  balance: bigint;
  displayName: string;
  updatedAt: string;
  /** The instant of the last entry, else of the creation. */
  balanceAt: string;
  /** The last event that touched it. */
  sequence: number;
  readonly entries: ModelEntry[];
};

/** What a key was first used for. */
export type KeptKey = { readonly fingerprint: string; readonly sequence: number };

export type ModelBook = {
  sequence: number;
  instant: string;
  readonly units: Map<string, ModelUnit>;
  readonly accounts: Map<string, ModelAccount>;
  readonly accountsByExternalId: Map<string, ModelAccount>;
  /** By customer and lower-case name, while not closed. */
  readonly accountsByName: Map<string, ModelAccount>;
  readonly transactions: Map<string, ModelTransaction>;
  /** By the keys that callers gave. */
  readonly transactionsByKey: Map<string, ModelTransaction>;
  readonly transactionsByReference: Map<string, ModelTransaction[]>;
  readonly transactionsInOrder: ModelTransaction[];
  readonly reversals: Map<string, ModelTransaction>;
  readonly keys: Map<string, KeptKey>;
};

/** An empty book that stands at a sequence: what came before is not the model's. */
export function createBook(sequence: number): ModelBook {
  return {
    sequence,
    instant: '',
    units: new Map(),
    accounts: new Map(),
    accountsByExternalId: new Map(),
    accountsByName: new Map(),
    transactions: new Map(),
    transactionsByKey: new Map(),
    transactionsByReference: new Map(),
    transactionsInOrder: [],
    reversals: new Map(),
    keys: new Map(),
  };
}

export function findAccount(book: ModelBook, ref: AccountRef): ModelAccount | undefined {
  return 'id' in ref ? book.accounts.get(ref.id) : book.accountsByExternalId.get(ref.externalId);
}

/** How an account was asked for. */
export function spellRef(ref: AccountRef): string {
  return 'id' in ref ? ref.id : ref.externalId;
}

export function nameKey(customerId: string, name: string): string {
  return `${customerId}\u0000${name.trim().normalize('NFC').toLowerCase()}`;
}

/** What makes two requests the same: kind, accounts, amounts by value, reference, terms. */
export function fingerprintOf(book: ModelBook, { method, request }: Write): string {
  return JSON.stringify([method, request], (name, value: unknown) => {
    if (name === 'idempotencyKey') return undefined;
    if (name === 'account') return findAccount(book, value as AccountRef)?.id ?? value;
    if (name === 'metadata') return sorted(value as object | undefined);
    if (name === 'amount' || name === 'initialBalance') return canonical(value as string);
    return value;
  });
}

function sorted(metadata: object | undefined): unknown {
  const entries: [string, unknown][] = Object.entries(metadata ?? {});
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function canonical(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
}
