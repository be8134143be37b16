// What a new cluster is given on small and on large machines.
import { totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { clusterSizes, usableMemoryBytes } from './cluster-sizes.ts';

const gibibyte = 1024 ** 3;

it.each([
  [gibibyte / 4, '128MB'],
  [2 * gibibyte, '512MB'],
  [3 * gibibyte + 5, '768MB'],
  [4 * gibibyte, '1024MB'],
  [64 * gibibyte, '1024MB'],
])('gives a quarter of %d bytes, within bounds: %s', (memoryBytes, buffers) => {
  expect(clusterSizes(memoryBytes)).toEqual({ shared_buffers: buffers, max_wal_size: '4GB' });
});

it('counts no more memory than the machine has', () => {
  expect(usableMemoryBytes()).toBeGreaterThan(0);
  expect(usableMemoryBytes()).toBeLessThanOrEqual(totalmem());
});
