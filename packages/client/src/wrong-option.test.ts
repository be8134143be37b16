// What a client cannot be made with, at both doors.
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as browser from './index.ts';
import * as node from './node.ts';

afterEach(() => vi.unstubAllGlobals());

describe.each([
  ['browsers', browser.createScripClient],
  ['Node', node.createScripClient],
])('the door for %s', (_door, createScripClient) => {
  it.each([
    'localhost:7410',
    'ledger.internal',
    '/ledger',
    '',
    'ftp://ledger.internal',
    'http://',
    'http://ada:secret@ledger.internal',
    'http://ledger.internal/?store=1',
    'http://ledger.internal/#store',
    undefined as never,
  ])('refuses the address %j, and says what it must be', (baseUrl) => {
    const error = refusalOf(() => createScripClient({ baseUrl }));
    expect(error).toMatchObject({ name: 'ScripError', code: 'invalid_argument' });
    expect(error.message).toMatch(/^baseUrl must begin with http:\/\/ or https:\/\//);
    expect(error.message).not.toContain('secret');
  });

  it.each(['http://127.0.0.1:7410', 'https://ledger.internal/scrip/', 'HTTP://[::1]:7410'])(
    'takes the address %j',
    (baseUrl) => {
      expect(() => createScripClient({ baseUrl })).not.toThrow();
    },
  );

  it('refuses a protocol that it does not speak', () => {
    const protocol = 'soap' as never;
    const baseUrl = 'http://127.0.0.1:7410';
    const error = refusalOf(() => createScripClient({ baseUrl, protocol }));
    expect(error).toMatchObject({ name: 'ScripError', code: 'invalid_argument' });
    expect(error.message).toMatch(/^protocol must be/);
  });
});

it('takes a path of the page that it runs in', () => {
  vi.stubGlobal('location', { href: 'https://shop.example/account' });
  expect(() => browser.createScripClient({ baseUrl: '/ledger' })).not.toThrow();
});

function refusalOf(make: () => unknown): Error {
  try {
    make();
  } catch (thrown) {
    if (thrown instanceof Error) return thrown;
  }
  throw new Error('it was not refused');
}
