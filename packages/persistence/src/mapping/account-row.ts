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

/** An account as the columns of a write, in which instants are milliseconds. */
export function toAccountRow(account: Account, place: Place): AccountRow & { name_key: string } {
  const { personal, unit } = account;
  const nextDue = nextDueAt(account);
  return {
    id: String(place.sequence),
    customer_id: account.customerId,
    external_id: account.externalId ?? null,
    name: account.name,
    name_key: nameKey(account.name),
    unit_label: unit.label,
    scale: unit.scale,
    status: account.status,
    balance: formatAmount(account.balance, unit.scale),
    held: formatAmount(account.held, unit.scale),
    last_sequence: String(account.sequence),
    created_ms: String(account.createdAt),
    updated_ms: String(account.updatedAt),
    balance_updated_ms: String(account.balanceUpdatedAt),
    display_name: personal.displayName ?? null,
    email: personal.email ?? null,
    metadata: personal.metadata === undefined ? null : JSON.stringify(personal.metadata),
    term_count: account.grants.length + account.holds.length + account.schedules.length,
    next_due_ms: nextDue === undefined ? null : String(nextDue),
  };
}

/** Whether a row is the one that an id was made for: a guessed id fails here. */
export function isAt(createdMs: string, place: Place): boolean {
  return instantBits(fromMs(createdMs)) === place.instantBits;
}
