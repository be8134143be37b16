// What the pools tell about their connections.
import { createTestDatabase, jsonEventCodec } from '@scrip/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../database.ts';

it('counts connections that are busy, idle and waited for, by role', async () => {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  onTestFinished(() => database.close());
  const reader = () => database.connectionUse().find(({ role }) => role === 'reader');
  expect(database.connectionUse()).toEqual([
    { role: 'writer', busyCount: 0, idleCount: 0, waitingCount: 0, countMax: 10 },
    { role: 'reader', busyCount: 0, idleCount: 0, waitingCount: 0, countMax: 8 },
  ]);
  const pings = Promise.all(Array.from({ length: 20 }, () => database.ping()));
  await expect.poll(reader, { interval: 1 }).toMatchObject({ busyCount: 8, waitingCount: 12 });
  await pings;
  expect(reader()).toMatchObject({ busyCount: 0, idleCount: 8, waitingCount: 0 });
});
