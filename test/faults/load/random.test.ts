// A seed repeats the numbers.
import { expect, it } from 'vitest';
import { createRandom } from './random.ts';

it('gives the same numbers for the same seed, and others for another', () => {
  const take = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 8 }, random.next);
  };
  expect(take(1)).toEqual(take(1));
  expect(take(1)).not.toEqual(take(2));
  expect(take(3).every((value) => value >= 0 && value < 1)).toBe(true);
});
