// Every schema of the coupon credits that others refer to by name.
import type { TSchema } from 'typebox';
import { couponSchemas } from './coupons/schemas.ts';
import { creditSchemas } from './credits/schemas.ts';
import { membershipSchemas } from './memberships/schemas.ts';
import { redemptionSchemas } from './redemptions/schemas.ts';
import { ruleSchemas } from './rules/schemas.ts';
import { ErrorSchema } from './shapes.ts';

export const sharedSchemas: readonly TSchema[] = [
  ...creditSchemas,
  ...redemptionSchemas,
  ...couponSchemas,
  ...membershipSchemas,
  ...ruleSchemas,
  ErrorSchema,
];
