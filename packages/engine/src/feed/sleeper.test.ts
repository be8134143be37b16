// A sleeper misses no wake-up.
import { expect, it } from 'vitest';
import { createSleeper } from './sleeper.ts';

it('ends a sleep at once when the wake-up came before, once', async () => {
  const sleeper = createSleeper();
  sleeper.wake();
  sleeper.wake();
  await sleeper.sleep();
  let isAwake = false;
  const second = sleeper.sleep().then(() => {
    isAwake = true;
  });
  await Promise.resolve();
  expect(isAwake).toBe(false);
  sleeper.wake();
  await second;
  expect(isAwake).toBe(true);
});
