// Units as rows, and back.
import { amountFromText, type UnitBalances } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';

/** What `unitColumns` selects. */
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
