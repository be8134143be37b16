// `scrip start`: everything in one process, until a signal ends it.

import {
  createLog,
  createShutdown,
  keepObjectsYoung,
  type Log,
  type Shutdown,
} from '@scrip/runtime';
import type { Command } from 'commander';
import { describeFailure } from '../failure.ts';
import { addSettings, type Environment, readSettings } from '../settings-flags.ts';
import { welcome } from '../welcome.ts';

export type StartOptions = {
  readonly env: Environment;
  /** Hears the exit code of the stop. */
  readonly onExit: (exitCode: number) => void;
};

export function addStartCommand(program: Command, { env, onExit }: StartOptions): void {
  const command = program
    .command('start')
    .description('run PostgreSQL, the ledger and the gateway');
  addSettings(command).action(async () => onExit(await start(command, env)));
}

/** Ends with the exit code of the stop, whoever asked for it. */
async function start(command: Command, env: Environment): Promise<number> {
  const config = readSettings(command, env);
  keepObjectsYoung();
  const log = createLog({ level: config.log });
  const exit = Promise.withResolvers<number>();
  const shutdown = createShutdown({ log, exit: exit.resolve });
  shutdown.obeySignals();
  stopOnBugs(shutdown, log);
  const { composeServer } = await import('../compose.ts');
  const started = composeServer({ config, log, shutdown, env }).then(
    (running) => welcome(running, log),
    (error: unknown) => stopAfter(error, shutdown, log),
  );
  // A stop that begins during the start waits for it, and then ends what it still made.
  shutdown.add({ name: 'start', run: () => started });
  return exit.promise;
}

/** A failure after the stop began is the stop's own doing. */
function stopAfter(error: unknown, shutdown: Shutdown, log: Log): void {
  if (shutdown.signal.aborted) return;
  const { line, expected, exitCode } = describeFailure(error);
  if (!expected) log.fatal({ err: error }, 'the start failed');
  console.error(`scrip: ${line}`);
  void shutdown.stop({ reason: 'the start failed', exitCode });
}

function stopOnBugs(shutdown: Shutdown, log: Log): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a bug was not caught');
    void shutdown.stop({ reason: 'a bug', exitCode: 1 });
  });
}
