// What the connections of a role are asked for.
import { expect, it } from 'vitest';
import { poolSettings } from './pool-settings.ts';

it('asks no Unix socket for TLS, whatever the environment says', () => {
  const connection = { host: '/tmp/socket', database: 'books' };
  expect(poolSettings(connection, 'reader').ssl).toBe(false);
  expect(poolSettings({ ...connection, ssl: true }, 'writer').ssl).toBe(false);
});

it('asks a host for the TLS that its address asks for', () => {
  const connection = { host: 'db.example', database: 'books' };
  expect(poolSettings({ ...connection, ssl: true }, 'reader').ssl).toBe(true);
  expect(poolSettings(connection, 'reader').ssl).toBeUndefined();
});
