// Reads the environment and the command's flags once into a typed, frozen value.

import { OperatorError } from '../operator-error.ts';
import type { Address } from './address.ts';
import { type LogLevel, type Setting, type SettingKey, settingKeys, settings } from './settings.ts';

/** What the process was told, after defaults. */
export type Config = {
  readonly ledgerAddress: Address;
  readonly gatewayAddress: Address;
  /** Web pages that may call. Empty when none were named. */
  readonly allowedOrigins: readonly string[];
  /** Where browsers find the ledger, if they were told. */
  readonly ledgerUrl: string | undefined;
  /** What the gateway and the console are called from outside, if they were told. */
  readonly gatewayUrl: string | undefined;
  readonly dataDir: string;
  /** `undefined` means the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  readonly log: LogLevel;
  readonly allowUnsafeDatabase: boolean;
};

/** The text of flags by setting; a flag that was not given is absent. */
export type FlagTexts = { readonly [Key in SettingKey]?: string | undefined };

export type ConfigSources = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: FlagTexts;
};

/**
 * Reads the settings: a flag wins over the environment, which wins over the default; an empty
 * variable counts as not set. Throws an `OperatorError` of one line that names an unknown `SCRIP_*`
 * variable or the malformed setting.
 */
export function readConfig(sources: ConfigSources): Config {
  refuseUnknownVariables(sources.env);
  return Object.freeze({
    ledgerAddress: required('ledgerAddress', read('ledgerAddress', sources)),
    gatewayAddress: required('gatewayAddress', read('gatewayAddress', sources)),
    allowedOrigins: read('allowedOrigins', sources) ?? [],
    ledgerUrl: read('ledgerUrl', sources),
    gatewayUrl: read('gatewayUrl', sources),
    dataDir: required('dataDir', read('dataDir', sources)),
    databaseUrl: read('databaseUrl', sources),
    log: required('log', read('log', sources)),
    allowUnsafeDatabase: required('allowUnsafeDatabase', read('allowUnsafeDatabase', sources)),
  });
}

type Value<Key extends SettingKey> = NonNullable<ReturnType<(typeof settings)[Key]['parse']>>;

function read<Key extends SettingKey>(key: Key, sources: ConfigSources): Value<Key> | undefined {
  const setting: Setting<unknown> = settings[key];
  const flag = sources.flags[key];
  const variable = sources.env[setting.env];
  if (flag !== undefined) return parse(setting, { name: `--${setting.flag}`, text: flag });
  if (variable !== undefined && variable !== '') {
    return parse(setting, { name: setting.env, text: variable });
  }
  if (setting.defaultText === undefined) return undefined;
  return parse(setting, { name: setting.env, text: setting.defaultText });
}

function parse<T>(setting: Setting<unknown>, given: { name: string; text: string }): T {
  const value = given.text === '' ? undefined : setting.parse(given.text);
  if (value !== undefined) return value as T;
  const shown = setting.secret === true ? '' : `, not ${JSON.stringify(given.text)}`;
  throw new OperatorError(`${given.name} must be ${setting.expected}${shown}`, 2);
}

function required<T>(key: SettingKey, value: T | undefined): T {
  if (value === undefined) throw new OperatorError(`${settings[key].env} is not set`, 2);
  return value;
}

function refuseUnknownVariables(env: ConfigSources['env']): void {
  const known = new Set<string>(settingKeys.map((key) => settings[key].env));
  const unknown = Object.keys(env).find((name) => name.startsWith('SCRIP_') && !known.has(name));
  if (unknown === undefined) return;
  const names = [...known].join(', ');
  throw new OperatorError(`${unknown} is not a setting; the settings are ${names}`, 2);
}
