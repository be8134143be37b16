// What rings hold, and what they let go of.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { BookEvent, Sequence } from '@scrip/kernel';
import { expect, it } from 'vitest';
import { eventsUpTo, type Chunk } from './feed-events.ts';
import { feedBoundsDefault, heldBytesOf } from './feed-limits.ts';
import { createRingBudget } from './ring-budget.ts';
import { createRing } from './ring.ts';

const eventBytes = 100;
const held = heldBytesOf(new Uint8Array(eventBytes));

function positionAt(n: number) {
  const sequence = n as Sequence;
  return { sequence, seal: { sequence, chainHash: new Uint8Array(32) } };
}

function chunkAt(n: number): Chunk {
  const event = {} as BookEvent;
  const bytes = new Uint8Array(eventBytes);
  return eventsUpTo([{ sequence: n as Sequence, bytes, event }], positionAt(n));
}

function openRing(budget = createRingBudget(Infinity), ringBytesMax = Infinity) {
  const ring = createRing(positionAt(0), { ...feedBoundsDefault, ringBytesMax }, budget);
  let last = 0;
  return {
    ...ring,
    /** Adds so many events, each in a chunk of its own. */
    fill: (count: number) => {
      for (let i = 0; i < count; i++) ring.push(chunkAt(++last));
    },
    count: () => last - ring.start().sequence,
  };
}

it('counts what is made of an event beside its bytes', () => {
  expect(held).toBeGreaterThan(5 * eventBytes);
  const ring = openRing(createRingBudget(Infinity), 10 * held);
  ring.fill(25);
  expect(ring.count()).toBe(10);
  expect(ring.after(15 as Sequence)?.position.sequence).toBe(16);
});

it('lets go at once of what it forgets', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const ring = openRing(createRingBudget(Infinity), 10 * held);
  const refs: WeakRef<Chunk>[] = [];
  for (let n = 1; n <= 14; n++) {
    const chunk = chunkAt(n);
    refs.push(new WeakRef(chunk));
    ring.push(chunk);
  }
  const kept = () => {
    collect();
    return refs.filter((ref) => ref.deref() !== undefined).length;
  };
  // Four of fourteen are forgotten: too few for the array to be cut.
  await expect.poll(kept).toBe(10);
});

it('makes the book that was quiet for longest give up memory first', () => {
  const budget = createRingBudget(20 * held);
  const [a, b, c] = [openRing(budget), openRing(budget), openRing(budget)];
  a.fill(8);
  b.fill(8);
  a.fill(1);
  c.fill(5);
  expect([a, b, c].map((ring) => ring.count())).toEqual([9, 6, 5]);
  c.fill(12);
  expect([a, b, c].map((ring) => ring.count())).toEqual([3, 0, 17]);
  c.fill(30);
  expect([a, b, c].map((ring) => ring.count())).toEqual([0, 0, 20]);
  a.fill(1);
  expect([a, b, c].map((ring) => ring.count())).toEqual([1, 0, 19]);
  expect(budget.byteCount()).toBe(20 * held);
});

it('gives back what it held when it begins anew, and for good when it is closed', () => {
  const budget = createRingBudget(20 * held);
  const [a, b] = [openRing(budget), openRing(budget)];
  a.fill(5);
  b.fill(5);
  a.reset(positionAt(5));
  expect(budget.byteCount()).toBe(5 * held);
  b.close();
  b.fill(5);
  expect(budget.byteCount()).toBe(0);
  a.fill(30);
  expect(a.count()).toBe(20);
});
