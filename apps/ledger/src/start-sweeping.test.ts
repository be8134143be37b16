// What keeps the sweeper from sweeping is counted each time, and logged once a minute.
import { createLog } from '@scrip/runtime';
import { expect, it } from 'vitest';
import { startSweeping } from './start-sweeping.ts';

it('counts every failure and logs one a minute, also after the clock was put back', async () => {
  let nowMs = 1_700_000_000_000;
  let failureCount = 0;
  const lines: string[] = [];
  const log = createLog({ level: 'info', stream: { write: (line) => void lines.push(line) } });
  const sweeper = startSweeping({
    source: {
      findDue: async () => {
        throw new Error('The database is away.');
      },
    },
    engine: { submitBatch: async () => [] },
    log,
    clock: { nowMs: () => nowMs },
    countFailure: () => void failureCount++,
    pauseMs: 1,
  });
  await expect.poll(() => failureCount).toBeGreaterThan(5);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 40,
    msg: 'what is due could not be booked; it is tried again',
    err: { message: 'The database is away.' },
  });
  nowMs += 60_000;
  await expect.poll(() => lines.length).toBe(2);
  nowMs -= 3_600_000;
  await expect.poll(() => lines.length).toBe(3);
  await sweeper.stop();
});
