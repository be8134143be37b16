// A pool that ends while somebody waits for one of its connections.
import { createTestDatabase } from '@scrip/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { createGuardedPool } from './guarded-pool.ts';

it('ends at once though a connection is being made, which nobody gets', async () => {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  const pool = createGuardedPool(connection, 'reader');
  const connecting = pool.connect();
  const ended = pool.end();
  await expect(connecting).rejects.toThrow('The connections have been closed.');
  await ended;
  expect(pool.use()).toMatchObject({ busyCount: 0, idleCount: 0 });
});
