// Fields of a request, parsed together.
import { parsed, refuseField, type Parsed } from './refusal.ts';

type ValueOf<P> =
  Extract<P, { readonly kind: 'parsed' }> extends { readonly value: infer V } ? V : never;

type Fields = Readonly<Record<string, Parsed<unknown>>>;

/** The values of parsed fields; those that may be absent are optional. */
export type ParsedFields<T extends Fields> = {
  readonly [K in keyof T as undefined extends ValueOf<T[K]> ? never : K]: ValueOf<T[K]>;
} & {
  readonly [K in keyof T as undefined extends ValueOf<T[K]> ? K : never]?: Exclude<
    ValueOf<T[K]>,
    undefined
  >;
};

/** All values, or the first refusal. What is absent is left out. */
export function parseFields<T extends Fields>(fields: T): Parsed<ParsedFields<T>> {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (field.kind === 'refused') return field;
    if (field.value !== undefined) values[name] = field.value;
  }
  return parsed(values as ParsedFields<T>);
}

/** A command of these fields, or the first refusal. */
export function parseCommand<K extends string, T extends Fields>(
  kind: K,
  fields: T,
): Parsed<{ readonly kind: K } & ParsedFields<T>> {
  const checked = parseFields(fields);
  return checked.kind === 'refused' ? checked : parsed({ kind, ...checked.value });
}

/** The bounds of a whole number, both inclusive. */
export interface WholeRule {
  readonly field: string;
  readonly min: number;
  readonly max: number;
}

/** Checks a whole number that may be absent. */
export function parseOptionalWhole(
  unchecked: number | undefined,
  { field, min, max }: WholeRule,
): Parsed<number | undefined> {
  if (unchecked === undefined) return parsed(undefined);
  const isWithin = Number.isInteger(unchecked) && unchecked >= min && unchecked <= max;
  return isWithin
    ? parsed(unchecked)
    : refuseField(field, `is not a whole number from ${min} to ${max}`);
}

/** Money in the smallest unit of a currency goes up to what a JSON number holds exactly. */
const minorAmountMax = 999_999_999_999_999n;

/** Checks an amount of money in the smallest unit of its currency; it may be absent. */
export function parseOptionalMinor(
  unchecked: bigint | undefined,
  { field, min }: { readonly field: string; readonly min: bigint },
): Parsed<bigint | undefined> {
  if (unchecked === undefined) return parsed(undefined);
  if (unchecked >= min && unchecked <= minorAmountMax) return parsed(unchecked);
  return refuseField(field, `is not from ${min} to ${minorAmountMax}`);
}
