// The one list of settings: parsing, `--help` and the README's table all come from it.

import { parseAddress } from './address.ts';
import { parseHttpUrl } from './http-url.ts';
import { parseOrigins } from './origin.ts';

/** How much is logged, least first. */
export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One setting: its names, what it means, its default as text, and how its text is read. */
export type Setting<T> = {
  readonly env: string;
  readonly flag: string;
  /** What stands behind the flag in `--help`, and the unit or form of the value. */
  readonly placeholder: string;
  readonly meaning: string;
  /** The default as it would be written, or `undefined` when there is none. */
  readonly defaultText: string | undefined;
  /** Ends the sentence "NAME must be …". */
  readonly expected: string;
  /** A secret's text is never repeated in an error or in `--help`. */
  readonly secret?: boolean;
  readonly parse: (text: string) => T | undefined;
};

/** Every setting by its key in `Config`. */
export const settings = {
  ledgerAddress: {
    env: 'SCRIP_LEDGER_ADDRESS',
    flag: 'ledger-address',
    placeholder: 'host:port',
    meaning: 'where gRPC, Connect and gRPC-Web listen; port 0 takes a free one',
    defaultText: '127.0.0.1:7410',
    expected: 'host:port, with a port from 0 to 65535',
    parse: parseAddress,
  },
  gatewayAddress: {
    env: 'SCRIP_GATEWAY_ADDRESS',
    flag: 'gateway-address',
    placeholder: 'host:port',
    meaning: 'where REST listens; port 0 takes a free one',
    defaultText: '127.0.0.1:7480',
    expected: 'host:port, with a port from 0 to 65535',
    parse: parseAddress,
  },
  allowedOrigins: {
    env: 'SCRIP_ALLOWED_ORIGINS',
    flag: 'allowed-origins',
    placeholder: 'origins',
    meaning: 'web pages that may call, besides the console; origins separated by commas',
    defaultText: undefined,
    expected:
      'origins as browsers send them, separated by commas, such as https://shop.example,' +
      'http://127.0.0.1:8080',
    parse: parseOrigins,
  },
  ledgerUrl: {
    env: 'SCRIP_LEDGER_URL',
    flag: 'ledger-url',
    placeholder: 'url',
    meaning: 'where browsers find the ledger; without it, at its port on the host of the console',
    defaultText: undefined,
    expected: 'an address that begins with http:// or https://, such as https://ledger.example',
    parse: parseHttpUrl,
  },
  gatewayUrl: {
    env: 'SCRIP_GATEWAY_URL',
    flag: 'gateway-url',
    placeholder: 'url',
    meaning: 'what REST and the console are called from outside; without it, as each request says',
    defaultText: undefined,
    expected: 'an address that begins with http:// or https://, such as https://credits.example',
    parse: parseHttpUrl,
  },
  dataDir: {
    env: 'SCRIP_DATA_DIR',
    flag: 'data-dir',
    placeholder: 'folder',
    meaning: 'folder of the embedded PostgreSQL and of keys.json; made with mode 0700',
    defaultText: '.data',
    expected: 'the path of a folder',
    parse: (text: string) => (text.includes('\0') ? undefined : text),
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    flag: 'database-url',
    placeholder: 'url',
    meaning: 'PostgreSQL 15 or newer to use in place of the embedded one',
    defaultText: undefined,
    expected:
      'an address that begins with postgres:// or postgresql://, with characters such as / @ # ' +
      'of a password percent-encoded',
    secret: true,
    parse: parseDatabaseUrl,
  },
  log: {
    env: 'SCRIP_LOG',
    flag: 'log',
    placeholder: 'level',
    meaning: 'how much is logged; pretty on a terminal, JSON lines elsewhere',
    defaultText: 'info',
    expected: `one of ${logLevels.join(', ')}`,
    parse: (text: string) => logLevels.find((level) => level === text),
  },
  allowUnsafeDatabase: {
    env: 'SCRIP_ALLOW_UNSAFE_DATABASE',
    flag: 'allow-unsafe-database',
    placeholder: 'true|false',
    meaning: 'for tests: start on a PostgreSQL that may lose acknowledged writes (fsync off)',
    defaultText: 'false',
    expected: 'true or false',
    parse: parseBoolean,
  },
} as const satisfies Record<string, Setting<unknown>>;

export type SettingKey = keyof typeof settings;

/** The keys of all settings in the order in which they are shown. */
export const settingKeys = Object.keys(settings) as readonly SettingKey[];

function parseDatabaseUrl(text: string): string | undefined {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text) ? text : undefined;
}

function parseBoolean(text: string): boolean | undefined {
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}
