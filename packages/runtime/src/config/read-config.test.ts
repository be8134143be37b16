// What the settings accept, and the one line they refuse with.

import { describe, expect, it } from 'vitest';
import { type ConfigSources, readConfig } from './read-config.ts';

const read = (env: ConfigSources['env'], flags: ConfigSources['flags'] = {}) =>
  readConfig({ env, flags });

describe('readConfig', () => {
  it('gives the documented defaults when nothing is set', () => {
    expect(read({})).toEqual({
      ledgerAddress: { host: '127.0.0.1', port: 7410 },
      gatewayAddress: { host: '127.0.0.1', port: 7480 },
      allowedOrigins: [],
      ledgerUrl: undefined,
      gatewayUrl: undefined,
      dataDir: '.data',
      databaseUrl: undefined,
      log: 'info',
      allowUnsafeDatabase: false,
    });
  });

  it('lets a flag win over the environment', () => {
    const env = { SCRIP_LEDGER_ADDRESS: '127.0.0.1:1', SCRIP_LOG: 'warn' };
    const config = read(env, { ledgerAddress: '[::1]:0' });
    expect(config.ledgerAddress).toEqual({ host: '::1', port: 0 });
    expect(config.log).toBe('warn');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(read({ SCRIP_LOG: '', DATABASE_URL: '' })).toEqual(read({}));
  });

  it('leaves variables of others alone', () => {
    expect(() => read({ PATH: '/bin', SCRIPT: '1' })).not.toThrow();
  });

  it('gives the address of the ledger without a slash at its end', () => {
    const { ledgerUrl } = read({ SCRIP_LEDGER_URL: 'https://Credits.example:443/ledger/' });
    expect(ledgerUrl).toBe('https://credits.example/ledger');
  });

  it('refuses an unknown variable by name', () => {
    expect(() => read({ SCRIP_LEDGER_ADRESS: 'x' })).toThrow(/^SCRIP_LEDGER_ADRESS is not a/);
  });

  it.each([
    ['SCRIP_LEDGER_ADDRESS', '7410'],
    ['SCRIP_LEDGER_ADDRESS', '127.0.0.1:65536'],
    ['SCRIP_GATEWAY_ADDRESS', ':7480'],
    ['SCRIP_GATEWAY_ADDRESS', 'http://localhost:7480'],
    ['SCRIP_ALLOWED_ORIGINS', '*'],
    ['SCRIP_ALLOWED_ORIGINS', 'https://shop.example/'],
    ['SCRIP_LEDGER_URL', 'ledger.example'],
    ['SCRIP_LEDGER_URL', 'ftp://ledger.example'],
    ['SCRIP_LEDGER_URL', 'https://me:secret@ledger.example'],
    ['SCRIP_GATEWAY_URL', 'https://credits.example/?a=b'],
    ['SCRIP_DATA_DIR', 'a\0b'],
    ['DATABASE_URL', 'mysql://localhost/scrip'],
    ['SCRIP_LOG', 'loud'],
    ['SCRIP_LOG', 'INFO'],
    ['SCRIP_ALLOW_UNSAFE_DATABASE', '1'],
  ])('refuses %s=%j in one line that names it', (name, text) => {
    const refuse = () => read({ [name]: text });
    expect(refuse).toThrow(new RegExp(`^${name} must be [^\n]*$`));
    expect(refuse).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it('names the flag when the flag is malformed', () => {
    expect(() => read({}, { log: 'loud' })).toThrow(/^--log must be one of .*, not "loud"$/);
    expect(() => read({}, { dataDir: '' })).toThrow(/^--data-dir must be the path of a folder/);
  });

  it('does not repeat a secret', () => {
    const refused = () => read({ DATABASE_URL: 'postgre://scrip:hunter2@db/scrip' });
    expect(refused).toThrow(/^DATABASE_URL must be an address that begins with postgres:\/\//);
    expect(refused).not.toThrow(/hunter2/);
  });
});
