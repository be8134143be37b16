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

/** One posting of a batch, under the name of its kind. */
export type BatchItem =
  | { readonly credit: OneSidedRequest }
  | { readonly debit: OneSidedRequest }
  | { readonly post: PostRequest }
  | { readonly reverse: ReverseRequest };

export type BatchRequest = {
  readonly items: readonly BatchItem[];
  readonly mode: 'BATCH_MODE_ATOMIC' | 'BATCH_MODE_INDEPENDENT';
};

/** Many postings in one call: none of them differs from the same posting alone. */
export type Batch = { readonly method: 'PostBatch'; readonly request: BatchRequest };

/** A call of AdminService: it changes no book, but who may call. */
export type KeyCall =
  | {
      readonly method: 'CreateApiKey';
      readonly request: { readonly name: string; readonly scopes: readonly string[] };
    }
  | { readonly method: 'RevokeApiKey'; readonly request: { readonly apiKeyId: string } };

/** What every read may ask for: a sequence that its answer reflects. */
export type Freshness = { readonly minSequence?: string };

export type AccountRequest = Freshness & { readonly account: AccountRef };

export type BalanceRequest = Freshness & {
  readonly account: AccountRef;
  readonly at?: string;
  readonly atSequence?: string;
};

export type EntriesRequest = Freshness & {
  readonly account: AccountRef;
  readonly pageSize: number;
  readonly startingAfter?: string;
};

export type TransactionsRequest = Freshness & {
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
      readonly request: Freshness & { readonly accounts: readonly AccountRef[] };
    }
  | { readonly method: 'ListEntries'; readonly request: EntriesRequest }
  | { readonly method: 'ListTransactions'; readonly request: TransactionsRequest }
  | {
      readonly method: 'GetTransaction';
      readonly request: Freshness & { readonly transactionId: string };
    }
  | {
      readonly method: 'GetTransactionByKey';
      readonly request: Freshness & { readonly idempotencyKey: string };
    }
  | { readonly method: 'GetHead'; readonly request: Freshness };

export type Call = Write | Batch | Read | KeyCall;
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

/** Whether the call makes or ends a key. */
export function isKeyCall(call: Call): call is KeyCall {
  return call.method === 'CreateApiKey' || call.method === 'RevokeApiKey';
}

/** The single calls that a batch stands for, in the order of its items. */
export function writesOf({ request }: Batch): readonly Write[] {
  return request.items.map((item): Write => {
    if ('credit' in item) return { method: 'Credit', request: item.credit };
    if ('debit' in item) return { method: 'Debit', request: item.debit };
    if ('post' in item) return { method: 'PostTransaction', request: item.post };
    return { method: 'ReverseTransaction', request: item.reverse };
  });
}

/** Whether the call is about an account: its event is in no list of transactions. */
export function isAboutAccount({ method }: Write): boolean {
  return method.endsWith('Account');
}
