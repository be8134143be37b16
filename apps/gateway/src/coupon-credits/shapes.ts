// The shapes that all calls about coupon credits share, as JSON Schema. Requests ignore fields that
// they do not know, and take null for a field that is left out.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { nullable, optional, refer, text } from '../shapes.ts';
import { uuidPattern } from '../text-patterns.ts';

/** The most that an amount of money may be, in the smallest unit of its currency. */
export const moneyMax = 999_999_999_999_999;

/** One of these words, or null, or left out. */
export const optionalWord = <Word extends string>(words: readonly Word[], description: string) =>
  optional<Word>('string', { enum: [...words, null], description });
export const nullableWord = <Word extends string>(words: readonly Word[], description: string) =>
  Type.Unsafe<Word | null>({ enum: [...words, null], description });

export const uuid = (description: string) => Type.String({ pattern: uuidPattern, description });
export const optionalUuid = (description: string) =>
  optional<string>('string', { pattern: uuidPattern, description });
export const flag = (description: string) => Type.Optional(Type.Boolean({ description }));
/** A date-time of a request, read by `readInstant`. */
export const optionalInstant = (description: string) =>
  optional<string>('string', { description: `${description} ISO 8601 with an offset.` });
export const nullableInstant = (description: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time', description });

/** A flag of a query. */
export const queryFlag = (description: string) =>
  Type.Optional(Type.Enum(['true', 'false', '1', '0'], { description }));

export function isSet(sent: 'true' | 'false' | '1' | '0' | undefined): boolean {
  return sent === 'true' || sent === '1';
}

export const pageQuery = {
  page: Type.Integer({ minimum: 1, default: 1, description: 'Counted from 1.' }),
  per_page: Type.Integer({ minimum: 1, maximum: 100, default: 15 }),
};

export const KeyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'The same key and request again answer as at first.',
    }),
  ),
});
export const bodyKey = optional<string>('string', {
  minLength: 1,
  maxLength: 255,
  description: 'As the header `Idempotency-Key`, over which it wins.',
});

export const ErrorSchema = Type.Object(
  {
    message: text('A sentence that says what is wrong.'),
    code: text('The machine name of the error.'),
    errors: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        description: 'What is wrong with which field. With 422 alone.',
      }),
    ),
  },
  { $id: 'CouponError' },
);

/** What every call may answer beside its own. */
export const errors = { '4xx': refer(ErrorSchema), '5xx': refer(ErrorSchema) };

/** One thing, below `data`. */
export function dataOf<Schema extends TSchema>(schema: Schema & { readonly $id?: string }) {
  return Type.Object({ data: refer(schema) });
}

/** A page of things. */
export function pageOf<Schema extends TSchema>(schema: Schema & { readonly $id?: string }) {
  return Type.Object({
    data: Type.Array(refer(schema)),
    links: Type.Object({
      first: text('Of the first page.'),
      last: text('Of the last page.'),
      prev: nullable<string>('string', 'Of the page before.'),
      next: nullable<string>('string', 'Of the page after.'),
    }),
    meta: Type.Object({
      current_page: Type.Integer(),
      from: nullable<number>('integer', 'The number of the first one; null on an empty page.'),
      last_page: Type.Integer(),
      path: text('The address without its query.'),
      per_page: Type.Integer(),
      to: nullable<number>('integer', 'The number of the last one; null on an empty page.'),
      total: Type.Integer(),
    }),
  });
}
