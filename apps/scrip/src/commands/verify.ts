// `scrip verify`: proves that the books are intact, while they are being written.

import { type Command, Option } from 'commander';
import {
  addSettings,
  databaseSettings,
  type Environment,
  readSettings,
} from '../settings-flags.ts';

type VerifyFlags = {
  readonly store?: string;
  readonly mode?: 'test' | 'prod';
};

type VerifyParts = {
  readonly env: Environment;
  readonly onExit: (exitCode: number) => void;
};

export function addVerifyCommand(program: Command, { env, onExit }: VerifyParts): void {
  const command = program
    .command('verify')
    .description('replay every book and compare all that is stored with it; 1 on a difference')
    .option('--store <id>', 'one store only')
    .addOption(new Option('--mode <mode>', 'one mode only').choices(['test', 'prod']));
  addSettings(command, databaseSettings).action(async () => {
    const config = readSettings(command, env);
    const { withStores } = await import('../compose.ts');
    const { verifyBooks } = await import('../verify-books.ts');
    await withStores(config, async (database) => {
      const isIntact = await verifyBooks(database, command.opts<VerifyFlags>());
      if (!isIntact) onExit(1);
    });
  });
}
