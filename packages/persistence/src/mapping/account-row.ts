// Accounts as rows, and back.
import {
  amountFromText,
  formatAmount,
  instantBits,
  nameKey,
  nextDueAt,
  present,
  type Account,
  type AccountStatus,
  type Ids,
  type Metadata,
  type Place,
  type Sequence,
} from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { fromMs, selectMs } from './instant-column.ts';

/** What is live of an account. */
export type LiveTerms = Pick<Account, 'grants' | 'holds' | 'schedules'>;

/** What an account without grants, holds and schedules has, and what reads of accounts show. */
export const noTerms: LiveTerms = { grants: [], holds: [], schedules: [] };

/** What `accountColumns` selects. */
export interface AccountRow {
  readonly id: string;
  readonly customer_id: string;
  readonly external_id: string | null;
  readonly name: string;
  readonly unit_label: string;
  readonly scale: number;
  readonly status: AccountStatus;
  readonly balance: string;
  readonly held: string;
  readonly last_sequence: string;
  readonly created_ms: string;
  readonly updated_ms: string;
  readonly balance_updated_ms: string;
  readonly display_name: string | null;
  readonly email: string | null;
  readonly metadata: string | null;
  readonly term_count: number;
  readonly next_due_ms: string | null;
}

/** All columns of an account `a` and the scale of its unit `u`. */
export const accountColumns: RawBuilder<AccountRow> = sql<AccountRow>`
  a.id, a.customer_id, a.external_id, a.name, a.unit_label, u.scale, a.status, a.balance, a.held,
  a.last_sequence, ${selectMs('a.created_at')} as created_ms,
  ${selectMs('a.updated_at')} as updated_ms,
  ${selectMs('a.balance_updated_at')} as balance_updated_ms,
  a.display_name, a.email, a.metadata, a.term_count, ${selectMs('a.next_due_at')} as next_due_ms`;

/** Reads an account, with what is live of it; its public id is derived, not stored. */
export function fromAccountRow(row: AccountRow, ids: Ids, terms: LiveTerms = noTerms): Account {
  const createdAt = fromMs(row.created_ms);
  const metadata = row.metadata === null ? undefined : (JSON.parse(row.metadata) as Metadata);
  return {
    id: ids.accountId(Number(row.id) as Sequence, createdAt),
    customerId: row.customer_id,
    name: row.name,
    ...present('externalId', row.external_id ?? undefined),
    unit: { label: row.unit_label, scale: row.scale },
    status: row.status,
    balance: amountFromText(row.balance, row.scale),
    held: amountFromText(row.held, row.scale),
    createdAt,
    updatedAt: fromMs(row.updated_ms),
    sequence: Number(row.last_sequence) as Sequence,
    balanceUpdatedAt: fromMs(row.balance_updated_ms),
    ...terms,
    personal: {
      ...present('displayName', row.display_name ?? undefined),
      ...present('email', row.email ?? undefined),
      ...present('metadata', metadata),
    },
  };
}

/** What a write has of an account of which nothing but the balance changed. */
export interface PostedRow {
  readonly id: number;
  readonly balance: string;
  readonly held: string;
  readonly last_sequence: number;
  /** Instants of a write are milliseconds. */
  readonly balance_updated_ms: number;
}

/** All that a write has of an account. */
export interface WrittenAccountRow extends PostedRow {
  readonly customer_id: string;
  readonly external_id: string | null;
  readonly name: string;
  readonly name_key: string;
  readonly unit_label: string;
  readonly status: string;
  readonly created_ms: number;
  readonly updated_ms: number;
  readonly display_name: string | null;
  readonly email: string | null;
  readonly metadata: string | null;
  readonly term_count: number;
  readonly next_due_ms: number | null;
}

/** The balance of an account as the columns of a write. */
export function toPostedRow(account: Account, place: Place): PostedRow {
  const { scale } = account.unit;
  return {
    id: place.sequence,
    balance: formatAmount(account.balance, scale),
    held: formatAmount(account.held, scale),
    last_sequence: account.sequence,
    balance_updated_ms: account.balanceUpdatedAt,
  };
}

/** An account as the columns of a write. */
export function toAccountRow(account: Account, place: Place): WrittenAccountRow {
  const { personal } = account;
  return {
    ...toPostedRow(account, place),
    customer_id: account.customerId,
    external_id: account.externalId ?? null,
    name: account.name,
    name_key: nameKey(account.name),
    unit_label: account.unit.label,
    status: account.status,
    created_ms: account.createdAt,
    updated_ms: account.updatedAt,
    display_name: personal.displayName ?? null,
    email: personal.email ?? null,
    metadata: personal.metadata === undefined ? null : JSON.stringify(personal.metadata),
    term_count: account.grants.length + account.holds.length + account.schedules.length,
    next_due_ms: nextDueAt(account) ?? null,
  };
}

/** Whether a row is the one that an id was made for: a guessed id fails here. */
export function isAt(createdMs: string, place: Place): boolean {
  return instantBits(fromMs(createdMs)) === place.instantBits;
}
