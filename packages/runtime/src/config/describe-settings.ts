// Shows the list of settings to people: flags for `--help`, a table for the README.

import { type Setting, type SettingKey, settingKeys, settings } from './settings.ts';

/** One flag of the command, ready for a flag parser. */
export type FlagDescription = {
  readonly key: SettingKey;
  /** For example `--ledger-address <host:port>`. */
  readonly syntax: string;
  readonly help: string;
};

/** Every setting as a flag, in the order of the list. */
export function describeFlags(): readonly FlagDescription[] {
  return settingKeys.map((key) => {
    const { flag, placeholder, meaning, env, defaultText }: Setting<unknown> = settings[key];
    const origin = defaultText === undefined ? env : `${env}, default ${defaultText}`;
    return { key, syntax: `--${flag} <${placeholder}>`, help: `${meaning} (${origin})` };
  });
}

/** The settings as a Markdown table, the one in the README. */
export function settingsTable(): string {
  const rows = settingKeys.map((key) => {
    const { env, flag, placeholder, defaultText, meaning }: Setting<unknown> = settings[key];
    const value = defaultText === undefined ? 'none' : `\`${defaultText}\``;
    const form = placeholder.replaceAll('|', '\\|');
    return `| \`${env}\` | \`--${flag} <${form}>\` | ${value} | ${meaning} |`;
  });
  return ['| variable | flag | default | meaning |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
