// That accounts are chosen as often as they ought to be.
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { createPicker, type Spread } from './spread.ts';

const drawCount = 200_000;

/** How often each of so many accounts was chosen. */
function draw(spread: Spread, count: number): Uint32Array {
  const pick = createPicker(spread, count, createRandom(7));
  const times = new Uint32Array(count);
  for (let n = 0; n < drawCount; n++) {
    const place = pick();
    times[place] = (times[place] ?? 0) + 1;
  }
  return times;
}

describe('createPicker', () => {
  it('chooses the account of rank k as 1/k of all ranks together, for Zipf', () => {
    const count = 1_000;
    const times = draw('zipf', count);
    const harmonic = Array.from({ length: count }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);
    for (const rank of [1, 2, 5, 10, 100]) {
      const expected = drawCount / (rank * harmonic);
      const deviations = Math.abs((times[rank - 1] ?? 0) - expected) / Math.sqrt(expected);
      expect(deviations).toBeLessThan(5);
    }
    expect(times.reduce((a, b) => a + b)).toBe(drawCount);
  });

  it('reaches the first and the last account of a uniform spread about as often', () => {
    const times = draw('uniform', 100);
    const expected = drawCount / 100;
    for (const count of times) {
      expect(Math.abs(count - expected) / Math.sqrt(expected)).toBeLessThan(5);
    }
  });

  it('chooses one account alone when it is hot', () => {
    expect(draw('hot', 50)[0]).toBe(drawCount);
  });

  it('gives a place for a single account', () => {
    for (const spread of ['zipf', 'uniform'] as const) {
      expect(createPicker(spread, 1, createRandom(1))()).toBe(0);
    }
  });
});
