// From DATABASE_URL to the settings of a connection, in one place and with one-line errors.
import { isIP } from 'node:net';
import { parse } from 'pg-connection-string';
import { DatabaseUnfitError } from '../database-unfit-error.ts';

/** How to reach the database. */
export interface ConnectionSettings {
  /** A host name, an address, or the folder of a Unix socket. */
  readonly host: string;
  /** The driver's default, 5432, when absent. */
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database: string;
  /** TLS: true checks the server's certificate. Off when absent. */
  readonly ssl?: boolean | TlsSettings;
}

/** What the parameters of a URL say about TLS, files already read. */
interface TlsSettings {
  /** The address that the certificate is to be for; where it is a name, the driver says so. */
  readonly host?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
  /** Takes any name that the certificate may have, where only its signer is to be checked. */
  readonly checkServerIdentity?: () => undefined;
}

/**
 * Reads `postgres://user:password@host:port/database`. A Unix socket's folder is given as the host
 * in percent-encoding or as `?host=/folder`. Throws a `DatabaseUnfitError` that names DATABASE_URL
 * and never repeats its value, which may hold a password.
 */
export function parseDatabaseUrl(url: string): ConnectionSettings {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new DatabaseUnfitError('DATABASE_URL does not begin with postgres:// or postgresql://.');
  }
  const { host, port, user, password, database, ssl } = parseQuietly(url);
  if (!host) throw new DatabaseUnfitError('DATABASE_URL names no host.');
  if (!database) throw new DatabaseUnfitError('DATABASE_URL names no database.');
  return {
    host,
    ...(port ? { port: parsePort(port) } : {}),
    ...(user ? { user } : {}),
    ...(password ? { password } : {}),
    database,
    ...(ssl === undefined ? {} : { ssl: parseTls(ssl, host) }),
  };
}

function parseQuietly(url: string): ReturnType<typeof parse> {
  try {
    return parse(url, { useLibpqCompat: true });
  } catch (error) {
    // The library's message may repeat the value.
    throw new DatabaseUnfitError(`DATABASE_URL ${problemOf(error, url)}.`);
  }
}

/** Of the parts of a URL only the names of its TLS parameters are no secret. */
function problemOf(error: unknown, url: string): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== undefined) {
    return `names a file by sslrootcert, sslcert or sslkey that cannot be read (${code})`;
  }
  const needsRoot = /[?&]sslmode=verify-ca(&|$)/.test(url) && !/[?&]sslrootcert=./.test(url);
  if (needsRoot) return 'needs sslrootcert for sslmode=verify-ca';
  return 'is not a well-formed PostgreSQL URL';
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new DatabaseUnfitError('DATABASE_URL has a port that is not a number from 1 to 65535.');
}

type ParsedTls = NonNullable<ReturnType<typeof parse>['ssl']>;

function parseTls(ssl: ParsedTls, host: string): boolean | TlsSettings {
  const ofAddress = isIP(host) === 0 ? {} : { host };
  if (typeof ssl !== 'object') return ssl !== 'disable' && Boolean(ssl) && ofAddress;
  const { ca, cert, key, rejectUnauthorized } = ssl;
  return {
    ...ofAddress,
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    // The library's types do not know of it.
    ...('checkServerIdentity' in ssl ? { checkServerIdentity: () => undefined } : {}),
  };
}
