// Every schema of the Accounts API that others refer to by name.
import type { TSchema } from 'typebox';
import { accountSchemas } from './accounts/schemas.ts';
import { creditSchemas } from './credits/schemas.ts';
import { planSchemas } from './plans/schemas.ts';
import { reservationSchemas } from './reservations/schemas.ts';
import { ErrorSchema } from './shapes.ts';
import { transactionSchemas } from './transactions/schemas.ts';

export const sharedSchemas: readonly TSchema[] = [
  ...accountSchemas,
  ...creditSchemas,
  ...reservationSchemas,
  ...transactionSchemas,
  ...planSchemas,
  ErrorSchema,
];
