// `scrip migrate`: brings the database to the present schema and ends.

import type { Command } from 'commander';
import {
  addSettings,
  databaseSettings,
  type Environment,
  readSettings,
} from '../settings-flags.ts';

export function addMigrateCommand(program: Command, env: Environment): void {
  const command = program
    .command('migrate')
    .description('bring the database to the present schema');
  addSettings(command, databaseSettings).action(async () => {
    const config = readSettings(command, env);
    const { withDatabase } = await import('../compose.ts');
    await withDatabase(config, async (database) => {
      const pending = await database.pendingMigrations();
      // It may take minutes, and waits for a dump or for another process that does it.
      if (pending.length > 0) console.error(`applying ${pending.join(', ')}`);
      const applied = await database.migrate();
      console.log(applied.length === 0 ? 'nothing to do' : applied.join('\n'));
    });
  });
}
