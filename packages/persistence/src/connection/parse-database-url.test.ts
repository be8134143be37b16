// DATABASE_URL in its usual forms.
import { describe, expect, it } from 'vitest';
import { DatabaseUnfitError } from '../database-unfit-error.ts';
import { parseDatabaseUrl } from './parse-database-url.ts';

describe('a database URL', () => {
  it('names host, port, user, password and database', () => {
    expect(parseDatabaseUrl('postgres://ada:p%40ss@db.example:6543/books')).toEqual({
      host: 'db.example',
      port: 6543,
      user: 'ada',
      password: 'p@ss',
      database: 'books',
    });
  });

  it('leaves out what is not said', () => {
    const settings = { host: 'localhost', database: 'books' };
    expect(parseDatabaseUrl('postgresql://localhost/books')).toEqual(settings);
  });

  it('may name the folder of a Unix socket', () => {
    const settings = { host: '/tmp/socket', port: 5433, user: 'ledger', database: 'books' };
    expect(parseDatabaseUrl('postgres://ledger@%2Ftmp%2Fsocket:5433/books')).toEqual(settings);
    const url = 'postgres://ledger@/books?host=/tmp/socket&port=5433';
    expect(parseDatabaseUrl(url)).toEqual(settings);
  });

  it.each([
    ['require', { rejectUnauthorized: false }],
    ['verify-full', {}],
    ['disable', false],
  ])('asks for TLS by sslmode=%s', (mode, ssl) => {
    expect(parseDatabaseUrl(`postgres://h/d?sslmode=${mode}`).ssl).toEqual(ssl);
  });

  it.each([
    ['sslmode=verify-full&sslrootcert=/secret/nowhere.pem', 'cannot be read (ENOENT).'],
    ['sslmode=verify-ca', 'needs sslrootcert for sslmode=verify-ca.'],
    ['sslmode=verify-ca&sslrootcert=/dev/null&options=%zz', 'is not a well-formed PostgreSQL URL.'],
  ])('is told what is wrong with its %s', (parameters, problem) => {
    const parse = () => parseDatabaseUrl(`postgres://h/d?${parameters}`);
    expect(parse).toThrow(problem);
    expect(parse).not.toThrow(/secret/);
  });

  it.each([
    'mysql://secret@host/books',
    'postgres://secret@/books',
    'postgres://secret@host',
    'postgres://secret@host:0/books?port=x',
    'postgres://secret@[/books',
    '',
  ])('is refused in one line that does not repeat it: %s', (url) => {
    const parse = () => parseDatabaseUrl(url);
    expect(parse).toThrow(DatabaseUnfitError);
    expect(parse).toThrow(/^DATABASE_URL [^\n]+$/);
    expect(parse).not.toThrow(/secret/);
  });
});
