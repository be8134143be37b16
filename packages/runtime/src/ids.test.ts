// Real randomness and the real clock.

import { expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { newRequestId, randomId, randomSecret, randomToken } from './ids.ts';

it('gives tokens of the length asked for, never the same twice', () => {
  expect(randomToken(24)).toMatch(/^[\w-]{32}$/);
  expect(randomToken(24)).not.toBe(randomToken(24));
  expect(newRequestId()).not.toBe(newRequestId());
});

it('gives ids of a prefix and eleven base-62 characters', () => {
  expect(randomId('sto_')).toMatch(/^sto_[0-9A-Za-z]{11}$/);
  expect(randomId('sto_')).not.toBe(randomId('sto_'));
});

it('gives secrets of the length asked for', () => {
  expect(randomSecret(32)).toHaveLength(32);
  expect(randomSecret(32)).not.toEqual(randomSecret(32));
});

it('tells whole milliseconds that do not run ahead', () => {
  const beforeMs = Date.now();
  expect(Number.isInteger(systemClock.nowMs())).toBe(true);
  expect(systemClock.nowMs()).toBeGreaterThanOrEqual(beforeMs);
});
