// `scrip keys`: lists, makes and revokes API keys in the database itself, and renews what signs
// access tokens.

import { type Command, Option } from 'commander';
import { type KeyMode, keyModes } from '../key-modes.ts';
import {
  addSettings,
  databaseSettings,
  type Environment,
  readSettings,
} from '../settings-flags.ts';

type ListFlags = { readonly store?: string };
type MakeFlags = { readonly mode: KeyMode; readonly store?: string; readonly name: string };

/** Adds the four commands; what they need of the other rooms is loaded when one runs. */
export function addKeysCommand(program: Command, env: Environment): void {
  const keys = program
    .command('keys')
    .description('list, make and revoke API keys, and renew the key that signs access tokens')
    .helpCommand(false);
  addList(keys, env);
  addMake(keys, env);
  addRevoke(keys, env);
  addRotateSigning(keys, env);
}

function addList(keys: Command, env: Environment): void {
  const command = keys.command('list').description('print the keys, without their secrets');
  command.option('--store <id>', 'only the keys of this store');
  addSettings(command, databaseSettings).action(async ({ store }: ListFlags) => {
    const config = readSettings(command, env);
    const { withStores } = await import('../compose.ts');
    const { listKeys } = await import('../keys.ts');
    await withStores(config, async ({ apiKeys }) => {
      for (const line of await listKeys(apiKeys, store)) console.log(line);
    });
  });
}

function addMake(keys: Command, env: Environment): void {
  const command = keys.command('make').description('make a key and print it, this once');
  const mode = new Option('--mode <mode>', 'the mode of the key').choices(keyModes);
  command.addOption(mode.makeOptionMandatory());
  command.option('--store <id>', 'its store (default: the only one)');
  command.option('--name <name>', 'what it is for', 'made by hand');
  addSettings(command, databaseSettings).action(async (flags: MakeFlags) => {
    const config = readSettings(command, env);
    const { withStores } = await import('../compose.ts');
    const { makeKey } = await import('../keys.ts');
    await withStores(config, async (database) => {
      const { id, apiKey } = await makeKey(database, flags);
      console.error(`made ${id}; the key is shown only now`);
      console.log(apiKey);
    });
  });
}

function addRevoke(keys: Command, env: Environment): void {
  const command = keys.command('revoke').description('end a key for good').argument('<id>');
  addSettings(command, databaseSettings).action(async (id: string) => {
    const config = readSettings(command, env);
    const { withStores } = await import('../compose.ts');
    const { revokeKey } = await import('../keys.ts');
    await withStores(config, async ({ apiKeys }) => {
      await revokeKey(apiKeys, id);
      console.error(`revoked ${id}`);
    });
  });
}

function addRotateSigning(keys: Command, env: Environment): void {
  const command = keys
    .command('rotate-signing')
    .description('sign new access tokens with a new key; old ones stay good until they expire');
  addSettings(command, databaseSettings).action(async () => {
    const config = readSettings(command, env);
    const { withStores } = await import('../compose.ts');
    await withStores(config, async ({ signingKeys }) => {
      const { id } = await signingKeys.rotate();
      console.log(id);
    });
  });
}
