// The shapes that all calls of the Accounts API share, as JSON Schema. Requests ignore fields that
// they do not know.
import { Type } from 'typebox';
import { optional, refer } from '../shapes.ts';

export const instant = () =>
  Type.String({ format: 'date-time', description: 'Whole seconds, UTC.' });
export const optionalMetadata = () =>
  optional<Readonly<Record<string, unknown>>>('object', {
    description: 'At most 50 keys and 16 KiB.',
  });
/** Written digit by digit, so exact at any size; hence no type that a number of JavaScript has. */
export const amount = (description: string) =>
  Type.Unsafe<unknown>({ type: 'number', description });

export const ErrorSchema = Type.Object(
  {
    success: Type.Literal(false),
    error: Type.Object({
      code: Type.String({ description: 'The machine name of the error.' }),
      message: Type.String({ description: 'A sentence for a developer.' }),
      details: Type.Optional(Type.Unknown()),
    }),
  },
  { $id: 'DevError' },
);

/** What every call may answer beside its own. */
export const errors = { '4xx': refer(ErrorSchema), '5xx': refer(ErrorSchema) };

export const PaginationSchema = Type.Object({
  limit: Type.Integer(),
  offset: Type.Integer(),
  totalCount: Type.Integer(),
  hasMore: Type.Boolean(),
});

/**
 * An amount of a request: a number or digits, read by `readAmount`. No type stands here, since a
 * number that a double cannot keep is none to the validator.
 */
export const requestedAmount = (description: string) =>
  Type.Unsafe<unknown>({ description, examples: [100, '100'] });

/** The account that a body means; at least one of the two. */
export const accountIds = {
  accountId: optional<string>('string', { minLength: 1, description: 'Either kind of id.' }),
  externalId: optional<string>('string', { minLength: 1, description: 'The caller’s own id.' }),
};

export const description = (said: string) =>
  optional<string>('string', { minLength: 1, maxLength: 255, description: said });

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
});

export const AccountQuery = Type.Object({
  accountId: Type.Optional(Type.String({ minLength: 1, description: 'Either kind of id.' })),
  externalId: Type.Optional(Type.String({ minLength: 1, description: 'The caller’s own id.' })),
});
