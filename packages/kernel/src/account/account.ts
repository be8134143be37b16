// Accounts: what a customer's credits are kept in.
import type { Grant } from '../grant/grant.ts';
import type { Hold } from '../hold/hold.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { Instant } from '../value/instant.ts';
import type { AccountId, Sequence } from '../value/id.ts';
import type { Metadata } from '../value/metadata.ts';
import type { Unit } from '../value/unit.ts';

/** `active` and `frozen` change into each other; both become `closed`, for good. */
export type AccountStatus = 'active' | 'frozen' | 'closed';

/** An account as events tell it: all but its personal fields, at one sequence. */
export interface AccountSnapshot {
  readonly id: AccountId;
  readonly customerId: string;
  readonly name: string;
  readonly externalId?: string;
  readonly unit: Unit;
  readonly status: AccountStatus;
  /** In whole units of the scale, what holds keep aside included. */
  readonly balance: bigint;
  readonly held: bigint;
  readonly createdAt: Instant;
  /** The last change of status or details. Postings do not move it. */
  readonly updatedAt: Instant;
  /** The last event that touched the account. */
  readonly sequence: Sequence;
}

/** Fields about a person. They live in the account alone, so that they can be erased. */
export interface PersonalFields {
  readonly displayName?: string;
  readonly email?: string;
  readonly metadata?: Metadata;
}

/** An account as the writer knows it. */
export interface Account extends AccountSnapshot {
  /** The instant of the last entry, else of the creation. */
  readonly balanceUpdatedAt: Instant;
  /** Those that still matter, by age: scheduled ones, and those with something left. */
  readonly grants: readonly Grant[];
  /** Those that are pending, by age. */
  readonly holds: readonly Hold[];
  /** Those that are active, by age. */
  readonly schedules: readonly Schedule[];
  readonly personal: PersonalFields;
}

/** How a caller names an account. */
export type AccountRef =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'external_id'; readonly externalId: string };

/** What a debit may take: the balance without what is held. */
export function availableBalance(account: AccountSnapshot): bigint {
  return account.balance - account.held;
}

/** The account without its personal fields and what only the writer needs. */
export function snapshotOf(account: Account): AccountSnapshot {
  const { balanceUpdatedAt: _at, grants: _grants, holds: _holds, ...others } = account;
  const { schedules: _schedules, personal: _personal, ...snapshot } = others;
  return snapshot;
}

/** The form in which names are compared: NFC and lower case, whatever the machine's locale. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
