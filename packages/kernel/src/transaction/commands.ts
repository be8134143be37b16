// Commands that post transactions, and how they are made from unchecked input.
import type { AccountRef } from '../account/account.ts';
import { parseAccountRef } from '../account/commands.ts';
import { parseTerms, type RequestedTerms, type UncheckedTerms } from '../grant/commands.ts';
import { parseAmount, type DecimalText } from '../value/amount.ts';
import { parseIdempotencyKey, parseOptionalIdempotencyKey } from '../value/idempotency-key.ts';
import { parseMetadata, type Metadata } from '../value/metadata.ts';
import { parseCommand } from '../value/parse-fields.ts';
import { present } from '../value/present.ts';
import { parsed, refuseField, type Parsed } from '../value/refusal.ts';
import { parseText } from '../value/text.ts';
import type { Side } from './transaction.ts';

/** Entries a transaction may have: enough for a split, few enough for one line number. */
const entryCountMax = 100;

/** Adds to, or takes from, one account. */
export interface PostOneSided {
  readonly kind: 'credit' | 'debit';
  readonly account: AccountRef;
  readonly amount: DecimalText;
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly metadata?: Metadata;
  /** Of a credit: what makes it a grant. Absent: it goes to the pool. */
  readonly terms?: RequestedTerms;
}

/** One line of a transaction to be posted. */
export interface RequestedEntry {
  readonly account: AccountRef;
  readonly side: Side;
  readonly amount: DecimalText;
}

/** Posts several entries at once: all or none. */
export interface PostTransaction {
  readonly kind: 'post_transaction';
  readonly entries: readonly RequestedEntry[];
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly metadata?: Metadata;
}

/** Undoes a transaction by its opposite, once. */
export interface ReverseTransaction {
  readonly kind: 'reverse_transaction';
  /** As it was given; whether it exists is the decision's business. */
  readonly transactionId: string;
  /** When given, an account that the transaction must touch. */
  readonly account?: AccountRef;
  readonly idempotencyKey?: string;
}

/** A one-sided transaction, as it came in. */
export interface UncheckedPostOneSided {
  readonly account: AccountRef;
  readonly amount: string;
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly metadata?: Metadata | undefined;
  readonly terms?: UncheckedTerms | undefined;
}

/** Checks a credit or a debit. Refuses with the field named. */
export function parsePostOneSided(
  kind: PostOneSided['kind'],
  unchecked: UncheckedPostOneSided,
): Parsed<PostOneSided> {
  const account = parseAccountRef(unchecked.account);
  if (account.kind === 'refused') return account;
  const amount = parseAmount(unchecked.amount, { field: 'amount' });
  if (amount.kind === 'refused') return amount;
  const terms = parsePostingTerms(unchecked);
  if (terms.kind === 'refused') return terms;
  const grantTerms = unchecked.terms && parseTerms(unchecked.terms);
  if (grantTerms?.kind === 'refused') return grantTerms;
  return parsed({
    kind,
    account: account.value,
    amount: amount.value,
    ...terms.value,
    ...present('terms', grantTerms?.value),
  });
}

/** A multi-entry transaction, as it came in. */
export interface UncheckedPostTransaction {
  readonly entries: readonly {
    readonly account: AccountRef;
    readonly side: Side;
    readonly amount: string;
  }[];
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly metadata?: Metadata | undefined;
}

/** Checks a multi-entry transaction of 2 to 100 entries. Refuses with the field named. */
export function parsePostTransaction(unchecked: UncheckedPostTransaction): Parsed<PostTransaction> {
  const count = unchecked.entries.length;
  if (count < 2 || count > entryCountMax) {
    return refuseField('entries', `has ${count} entries, not 2 to ${entryCountMax}`);
  }
  const entries: RequestedEntry[] = [];
  for (const [index, entry] of unchecked.entries.entries()) {
    const field = `entries[${index}]`;
    const account = parseAccountRef(entry.account, `${field}.account`);
    if (account.kind === 'refused') return account;
    const amount = parseAmount(entry.amount, { field: `${field}.amount` });
    if (amount.kind === 'refused') return amount;
    entries.push({ account: account.value, side: entry.side, amount: amount.value });
  }
  const terms = parsePostingTerms(unchecked);
  if (terms.kind === 'refused') return terms;
  return parsed({ kind: 'post_transaction', entries, ...terms.value });
}

/** Checks a reversal. */
export function parseReverseTransaction(unchecked: {
  readonly transactionId: string;
  readonly account?: AccountRef | undefined;
  readonly idempotencyKey?: string | undefined;
}): Parsed<ReverseTransaction> {
  const { account } = unchecked;
  return parseCommand('reverse_transaction', {
    transactionId: parseText(unchecked.transactionId, { field: 'transaction_id', lengthMax: 255 }),
    account: account === undefined ? parsed(undefined) : parseAccountRef(account),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}

/** Checks a reference: 1 to 255 characters. */
export function parseReference(unchecked: string): Parsed<string> {
  return parseText(unchecked, { field: 'reference', lengthMax: 255 });
}

interface PostingTerms {
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly metadata?: Metadata;
}

/** Checks what every posting says: reference, key and metadata. */
export function parsePostingTerms(unchecked: {
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly metadata?: Metadata | undefined;
}): Parsed<PostingTerms> {
  const reference = parseReference(unchecked.reference);
  if (reference.kind === 'refused') return reference;
  const idempotencyKey = parseIdempotencyKey(unchecked.idempotencyKey);
  if (idempotencyKey.kind === 'refused') return idempotencyKey;
  const metadata = parseMetadata(unchecked.metadata);
  if (metadata.kind === 'refused') return metadata;
  return parsed({
    reference: reference.value,
    idempotencyKey: idempotencyKey.value,
    ...present('metadata', metadata.value),
  });
}
