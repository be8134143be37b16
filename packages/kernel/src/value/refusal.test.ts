// Refusals of parts of a request.
import { expect, it } from 'vitest';
import { parsed, refuse, refuseField, within } from './refusal.ts';

it('names a field by its path from the whole, in the same words', () => {
  expect(within('terms', refuseField('name', 'is empty'))).toEqual(
    refuseField('terms.name', 'is empty'),
  );
});

it('leaves what was parsed, and what is refused for another reason', () => {
  const refusal = refuse('AMOUNT_INVALID', 'No.', { field: 'amount' });
  for (const checked of [parsed(1), refusal]) expect(within('terms', checked)).toBe(checked);
});
