// Real randomness and the real clock.

import { expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { newRequestId, randomToken } from './ids.ts';

it('gives tokens of the length asked for, never the same twice', () => {
  expect(randomToken(24)).toMatch(/^[\w-]{32}$/);
  expect(randomToken(24)).not.toBe(randomToken(24));
  expect(newRequestId()).not.toBe(newRequestId());
});

it('tells whole milliseconds that do not run ahead', () => {
  const beforeMs = Date.now();
  expect(Number.isInteger(systemClock.nowMs())).toBe(true);
  expect(systemClock.nowMs()).toBeGreaterThanOrEqual(beforeMs);
});
