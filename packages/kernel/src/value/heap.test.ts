// Taking things one by one in their order.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHeap } from './heap.ts';

const byValue = (a: number, b: number): number => a - b;

it('gives what it was made of, and what was added since, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (first, added) => {
      const heap = createHeap([...first], byValue);
      for (const item of added) heap.push(item);
      const taken: number[] = [];
      for (let next = heap.pop(); next !== undefined; next = heap.pop()) taken.push(next);
      expect(taken).toEqual([...first, ...added].toSorted(byValue));
    }),
  );
});

it('shows its first without taking it', () => {
  const heap = createHeap([3, 1, 2], byValue);
  expect([heap.peek(), heap.pop(), heap.peek()]).toEqual([1, 1, 2]);
  expect(createHeap([], byValue).pop()).toBeUndefined();
});
