// How long an answer of the database holds.
import { expect, it } from 'vitest';
import { createReadiness } from './readiness.ts';

function createSetting() {
  const setting = { nowMs: 1_700_000_000_000, pingCount: 0, isAway: false };
  const closing = new AbortController();
  const ready = createReadiness({
    ping: async () => {
      setting.pingCount++;
      if (setting.isAway) throw new Error('away');
    },
    clock: { nowMs: () => setting.nowMs },
    closing: closing.signal,
  });
  return { setting, ready, close: () => closing.abort() };
}

it('asks the database once a second, however many ask', async () => {
  const { setting, ready } = createSetting();
  expect(await Promise.all([ready(), ready(), ready()])).toEqual([true, true, true]);
  setting.nowMs += 999;
  await ready();
  expect(setting.pingCount).toBe(1);
  setting.isAway = true;
  setting.nowMs += 1;
  expect(await ready()).toBe(false);
});

it('asks anew after the clock was put back', async () => {
  const { setting, ready } = createSetting();
  setting.isAway = true;
  expect(await ready()).toBe(false);
  setting.isAway = false;
  setting.nowMs -= 3_600_000;
  expect(await ready()).toBe(true);
});

it('is not ready once it is closing', async () => {
  const { ready, close } = createSetting();
  close();
  expect(await ready()).toBe(false);
});
