// Histories made by hand, for the tests of the checker: one account, a few events, exact answers.
import type { AccountRef, Call, Side } from '../history/call.ts';
import { isWrite } from '../history/call.ts';
import { auditor, type Operation, type OutcomeKind } from '../history/operation.ts';
import type { History } from '../history/recorder.ts';

/** What an operation knows beside its call; times follow the sequence unless given. */
type Facts = {
  readonly outcome?: OutcomeKind;
  readonly sequence?: number;
  readonly from?: number;
  readonly to?: number;
  readonly replay?: boolean;
  readonly client?: number;
  readonly apiKeyId?: string;
};

export const wallet: AccountRef = { id: 'cca_wallet' };
export const instant = '2026-01-01T00:00:00.000Z';

/** A history of these operations on an empty book. */
export function historyOf(...operations: readonly Operation[]): History {
  const head = { version: 2, run: 'example', seed: 1, baseSequence: 0 } as const;
  const numbered = operations.map((each, index) => ({ ...each, id: index + 1 }));
  return { head, operations: numbered };
}

/** Any operation. */
export function operation(call: Call, answer: object, facts: Facts = {}): Operation {
  const { outcome = 'ok', sequence, replay = false, client = 0 } = facts;
  const at = (sequence ?? 0) * 100 + (isWrite(call) ? 0 : 50);
  return {
    client,
    id: 0,
    method: call.method,
    invokedUs: facts.from ?? at,
    returnedUs: facts.to ?? at + 40,
    outcome,
    replay,
    sequence,
    apiKeyId: facts.apiKeyId ?? '',
    requestText: JSON.stringify(call.request),
    answerText: JSON.stringify(answer),
  };
}

/** The account at sequence 1, empty. */
export function created(facts: Facts = {}): Operation {
  const request = {
    customerId: 'c',
    unitLabel: 'credits',
    externalId: 'wallet',
    idempotencyKey: 'create',
  };
  const sequence = facts.sequence ?? 1;
  const account = accountAnswer({ sequence: String(sequence) });
  const answer = { account, sequence: String(sequence) };
  return operation({ method: 'CreateAccount', request }, answer, { sequence, ...facts });
}

/** The account as it was created, with changes. */
export function accountAnswer(changes: object = {}): object {
  return {
    id: 'cca_wallet',
    customerId: 'c',
    name: 'default',
    unitLabel: 'credits',
    status: 'ACCOUNT_STATUS_ACTIVE',
    balance: '0',
    held: '0',
    available: '0',
    externalId: 'wallet',
    createdAt: instant,
    updatedAt: instant,
    sequence: '1',
    ...changes,
  };
}

export type Posting = Facts & {
  readonly sequence: number;
  readonly amount: string;
  readonly after: string;
  readonly key?: string;
  /** What is shown in place of the right transaction. */
  readonly shown?: object;
};

export function credited(posting: Posting): Operation {
  return posted('Credit', posting);
}

export function debited(posting: Posting): Operation {
  return posted('Debit', posting);
}

function posted(method: 'Credit' | 'Debit', posting: Posting): Operation {
  const { sequence, amount, key = `k${sequence}`, shown = {}, ...facts } = posting;
  const request = { account: wallet, amount, reference: 'r', idempotencyKey: key };
  const transaction = { ...transactionAnswer(method, { ...posting, key }), ...shown };
  const answer = { transaction, sequence: String(sequence) };
  return operation({ method, request }, answer, { sequence, ...facts });
}

/** A one-sided transaction as it is answered and listed. */
export function transactionAnswer(method: 'Credit' | 'Debit', posting: Posting): object {
  const { sequence, amount, after, key = `k${sequence}` } = posting;
  const side: Side = method === 'Credit' ? 'ENTRY_SIDE_CREDIT' : 'ENTRY_SIDE_DEBIT';
  const entry = { id: `cce_${sequence}`, accountId: 'cca_wallet', side, amount };
  return {
    id: `cct_${sequence}`,
    kind: `TRANSACTION_KIND_${method.toUpperCase()}`,
    reference: 'r',
    idempotencyKey: key,
    unitLabel: 'credits',
    entries: [{ ...entry, balanceAfter: after }],
    createdAt: instant,
    sequence: String(sequence),
  };
}

/** A debit that was refused. */
export function refusedDebit(amount: string, refusal: object, facts: Facts): Operation {
  const request = { account: wallet, amount, reference: 'r', idempotencyKey: `refused ${amount}` };
  const shown = { outcome: 'refused', ...facts } as const;
  return operation({ method: 'Debit', request }, refusal, shown);
}

export function insufficient(required: string, available: string): object {
  const metadata = { account_id: 'cca_wallet', required, available };
  return { code: 'failed_precondition', reason: 'INSUFFICIENT_BALANCE', metadata };
}

/** A credit whose answer never came. */
export function lostCredit(amount: string, key: string, facts: Facts = {}): Operation {
  const request = { account: wallet, amount, reference: 'r', idempotencyKey: key };
  const answer = { code: '', reason: 'ECONNRESET', metadata: {} };
  return operation({ method: 'Credit', request }, answer, { outcome: 'unknown', ...facts });
}

/** A balance read at the head of the book. */
export function balanceRead(
  balance: string,
  facts: Facts & { readonly sequence: number },
): Operation {
  const sequence = String(facts.sequence);
  const told = { balance, held: '0', available: balance, updatedAt: instant, sequence };
  const answer = {
    balance: { accountId: 'cca_wallet', unitLabel: 'credits', ...told },
    sequence,
  };
  return operation({ method: 'GetBalance', request: { account: wallet } }, answer, facts);
}

/** The auditor's list of all transactions, and the head after it. */
export function readBack(
  sequence: number,
  ...transactions: readonly object[]
): readonly Operation[] {
  const late = { client: auditor, from: 1e9, to: 1e9 + 1, sequence };
  const told = { sequence: String(sequence) };
  const list = { method: 'ListTransactions', request: { pageSize: 1_000 } } as const;
  return [
    operation(list, { transactions: transactions.toReversed(), ...told }, late),
    operation({ method: 'GetHead', request: {} }, told, late),
  ];
}
