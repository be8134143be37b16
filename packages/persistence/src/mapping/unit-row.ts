// Units as rows, and back.
import { amountFromText, formatAmount, type UnitBalances } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';

/** The columns of a unit, but for its book. */
export interface UnitRow {
  readonly label: string;
  readonly scale: number;
  readonly issued: string;
  readonly spent: string;
  readonly expired: string;
}

/** All columns of a unit `u` but its book. */
export const unitColumns: RawBuilder<UnitRow> = sql<UnitRow>`
  u.label, u.scale, u.issued, u.spent, u.expired`;

/** Reads a unit with its system accounts. */
export function fromUnitRow({ label, scale, issued, spent, expired }: UnitRow): UnitBalances {
  return {
    label,
    scale,
    issued: amountFromText(issued, scale),
    spent: amountFromText(spent, scale),
    expired: amountFromText(expired, scale),
  };
}

/** A unit with its system accounts as the columns of a write. */
export function toUnitRow({ label, scale, issued, spent, expired }: UnitBalances): UnitRow {
  return {
    label,
    scale,
    issued: formatAmount(issued, scale),
    spent: formatAmount(spent, scale),
    expired: formatAmount(expired, scale),
  };
}
