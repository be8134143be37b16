// What each sslmode of DATABASE_URL checks of a server that speaks TLS.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { createTestDatabase } from '@scrip/testkit';
import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from './parse-database-url.ts';
import { poolSettings } from './pool-settings.ts';

/** Of nobody, for 127.0.0.1 alone: it signs itself. */
const certPath = join(import.meta.dirname, 'tls-test/cert.pem');
const cert = readFileSync(certPath);
const key = readFileSync(join(import.meta.dirname, 'tls-test/key.pem'));

let place = { port: 0, user: '', database: '' };

// Speaks TLS for a PostgreSQL that listens at a Unix socket alone.
beforeAll(async () => {
  const { connection, drop } = await createTestDatabase();
  const path = `${connection.host}/.s.PGSQL.${connection.port}`;
  const server = createServer((plain) => {
    plain.on('error', () => undefined);
    // The client asks whether TLS is spoken here.
    plain.once('data', () => {
      plain.write('S');
      const secured = new TLSSocket(plain, { isServer: true, cert, key });
      const postgres = connect(path);
      pipeline(secured, postgres, secured, () => undefined);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  place = { port, user: connection.user, database: connection.database };
  return async () => {
    server.close();
    await drop();
  };
});

/** Connects as the writer does, and asks something. */
async function ask(host: string, parameters: string): Promise<number> {
  const { port, user, database } = place;
  const url = `postgres://${user}@${host}:${port}/${database}?${parameters}`;
  const client = new Client(poolSettings(parseDatabaseUrl(url), 'writer'));
  await client.connect();
  const { rowCount } = await client.query('select 1');
  await client.end();
  return rowCount ?? 0;
}

const root = `sslrootcert=${encodeURIComponent(certPath)}`;

describe('a server with a certificate for another name', () => {
  it.each([
    ['require', 'sslmode=require'],
    ['require with a root', `sslmode=require&${root}`],
    ['verify-ca', `sslmode=verify-ca&${root}`],
  ])('is taken by %s', async (_mode, parameters) => {
    expect(await ask('localhost', parameters)).toBe(1);
  });

  it('is refused by verify-full', async () => {
    await expect(ask('localhost', `sslmode=verify-full&${root}`)).rejects.toThrow(/altnames/);
  });
});

describe('a server with a certificate for its address', () => {
  it('is taken by verify-full when its signer is known', async () => {
    expect(await ask('127.0.0.1', `sslmode=verify-full&${root}`)).toBe(1);
  });

  it('is refused when its signer is not known', async () => {
    await expect(ask('127.0.0.1', 'sslmode=verify-full')).rejects.toThrow(/self-signed/);
  });
});
