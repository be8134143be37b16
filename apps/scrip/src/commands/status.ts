// `scrip status`: where server, database and books stand.

import type { Command } from 'commander';
import {
  addSettings,
  databaseSettings,
  type Environment,
  readSettings,
} from '../settings-flags.ts';

type StatusParts = {
  readonly env: Environment;
  readonly onExit: (exitCode: number) => void;
};

export function addStatusCommand(program: Command, { env, onExit }: StatusParts): void {
  const command = program
    .command('status')
    .description('show where server, database and books stand; 1 if something is wrong');
  addSettings(command, [...databaseSettings, 'gatewayAddress']).action(async () => {
    const config = readSettings(command, env);
    const { refuseWithoutStore, withExistingDatabase } = await import('../compose.ts');
    const { readServerStatus } = await import('../server-status.ts');
    const { serverLine, statusLines } = await import('../status-lines.ts');
    // Without a store here, a server that answers there is another one's.
    refuseWithoutStore(config);
    const server = await readServerStatus(config.gatewayAddress);
    // While the database is away, the server is what one wants to know of.
    const tellServer = (error: unknown): never => {
      console.log(serverLine(server));
      throw error;
    };
    await withExistingDatabase(config, async (database) => {
      const pending = await database.pendingMigrations();
      const books = pending.length === 0 ? await database.status() : undefined;
      const { lines, isWell } = statusLines({ server, pending, database: books });
      for (const line of lines) console.log(line);
      if (!isWell) onExit(1);
    }).catch(tellServer);
  });
}
