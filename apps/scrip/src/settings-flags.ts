// Gives a command the settings as flags, and reads them together with the environment.

import {
  type Config,
  describeFlags,
  type FlagTexts,
  readConfig,
  type SettingKey,
} from '@scrip/runtime';
import type { Command } from 'commander';

/** The variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of a command that needs the database and no server. */
export const databaseSettings: readonly SettingKey[] = [
  'dataDir',
  'databaseUrl',
  'log',
  'allowUnsafeDatabase',
];

/** Adds a flag for each of these settings; for all of them by default. */
export function addSettings(command: Command, keys?: readonly SettingKey[]): Command {
  for (const { key, syntax, help } of describeFlags()) {
    if (keys === undefined || keys.includes(key)) command.option(syntax, help);
  }
  return command;
}

/** Reads the settings for a command whose flags have been parsed. */
export function readSettings(command: Command, env: Environment): Config {
  return readConfig({ env, flags: command.opts<FlagTexts>() });
}
