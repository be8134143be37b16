// Idempotency keys are 1 to 255 characters, and a wrong one is named.
import { expect, it } from 'vitest';
import { parseIdempotencyKey, parseOptionalIdempotencyKey } from './idempotency-key.ts';

const longest = 'k'.repeat(255);
const refused = { reason: 'FIELD_INVALID', metadata: { field: 'idempotency_key' } };

it.each([
  ['that is needed', parseIdempotencyKey],
  ['that may be absent', parseOptionalIdempotencyKey],
])('one %s has 1 to 255 characters', (_, parse) => {
  expect(parse('k')).toEqual({ kind: 'parsed', value: 'k' });
  expect(parse(longest)).toEqual({ kind: 'parsed', value: longest });
  expect(parse(`${longest}k`)).toMatchObject(refused);
  expect(parse('')).toMatchObject(refused);
});

it('may be absent where nobody needs it', () => {
  expect(parseOptionalIdempotencyKey(undefined)).toEqual({ kind: 'parsed', value: undefined });
});
