// The calls of LedgerService that a history is made of, as they stand on the wire in JSON.

/** Names an account by the ledger's id or by the caller's own. */
export type AccountRef = { readonly id: string } | { readonly externalId: string };

export type OneSidedRequest = {
  readonly account: AccountRef;
  readonly amount: string;
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

export type PostEntry = {
  readonly account: AccountRef;
  readonly side: Side;
  readonly amount: string;
};

export type Side = 'ENTRY_SIDE_CREDIT' | 'ENTRY_SIDE_DEBIT';

export type PostRequest = {
  readonly entries: readonly PostEntry[];
  readonly reference: string;
  readonly idempotencyKey: string;
};

export type ReverseRequest = {
  readonly transactionId: string;
  readonly idempotencyKey?: string;
};

export type CreateRequest = {
  readonly customerId: string;
  readonly name?: string;
  readonly unitLabel: string;
  readonly unitScale?: number;
  readonly externalId: string;
  readonly displayName?: string;
  readonly initialBalance?: string;
  readonly idempotencyKey: string;
};

export type StatusRequest = { readonly account: AccountRef; readonly idempotencyKey: string };

export type UpdateRequest = {
  readonly account: AccountRef;
  readonly displayName: string;
  readonly idempotencyKey: string;
};

/** A call that changes the book. */
export type Write =
  | { readonly method: 'Credit' | 'Debit'; readonly request: OneSidedRequest }
  | { readonly method: 'PostTransaction'; readonly request: PostRequest }
  | { readonly method: 'ReverseTransaction'; readonly request: ReverseRequest }
  | { readonly method: 'CreateAccount'; readonly request: CreateRequest }
  | {
      readonly method: 'FreezeAccount' | 'UnfreezeAccount' | 'CloseAccount';
      readonly request: StatusRequest;
    }
  | { readonly method: 'UpdateAccount'; readonly request: UpdateRequest };

export type AccountRequest = { readonly account: AccountRef };

export type BalanceRequest = {
  readonly account: AccountRef;
  readonly at?: string;
  readonly atSequence?: string;
};

export type EntriesRequest = {
  readonly account: AccountRef;
  readonly pageSize: number;
  readonly startingAfter?: string;
};

export type TransactionsRequest = {
  readonly reference?: string;
  readonly account?: AccountRef;
  readonly pageSize: number;
  readonly startingAfter?: string;
};

/** A call that only reads. */
export type Read =
  | { readonly method: 'GetAccount'; readonly request: AccountRequest }
  | { readonly method: 'GetBalance'; readonly request: BalanceRequest }
  | {
      readonly method: 'BatchGetBalances';
      readonly request: { readonly accounts: readonly AccountRef[] };
    }
  | { readonly method: 'ListEntries'; readonly request: EntriesRequest }
  | { readonly method: 'ListTransactions'; readonly request: TransactionsRequest }
  | { readonly method: 'GetTransaction'; readonly request: { readonly transactionId: string } }
  | {
      readonly method: 'GetTransactionByKey';
      readonly request: { readonly idempotencyKey: string };
    }
  | { readonly method: 'GetHead'; readonly request: Readonly<Record<string, never>> };

export type Call = Write | Read;
export type Method = Call['method'];

const writeMethods: ReadonlySet<Method> = new Set<Write['method']>([
  'Credit',
  'Debit',
  'PostTransaction',
  'ReverseTransaction',
  'CreateAccount',
  'FreezeAccount',
  'UnfreezeAccount',
  'CloseAccount',
  'UpdateAccount',
]);

/** Whether the call would change the book. */
export function isWrite(call: Call): call is Write {
  return writeMethods.has(call.method);
}

/** Whether the call is about an account: its event is in no list of transactions. */
export function isAboutAccount({ method }: Write): boolean {
  return method.endsWith('Account');
}
