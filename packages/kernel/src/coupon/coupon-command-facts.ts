// What a command on coupons asks for, for its digest.
import type { JsonValue } from '../value/metadata.ts';
import type { CouponCommand } from './coupon-command.ts';

/** All that a command says but its key, its properties in one fixed order at every depth. */
export function couponCommandFacts(command: CouponCommand): readonly JsonValue[] {
  const { kind, idempotencyKey: _, ...facts } = command;
  return [kind, factOf(facts)];
}

function factOf(value: unknown): JsonValue {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(factOf);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, property]) => property !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, property]) => [name, factOf(property)]);
  }
  return value as JsonValue;
}
