// The command line: its commands, its flags, and the one line it fails with.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addKeysCommand } from './commands/keys.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addStartCommand } from './commands/start.ts';
import { addStatusCommand } from './commands/status.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { describeFailure } from './failure.ts';
import type { Environment } from './settings-flags.ts';

/** Runs one command to its end and gives the exit code: 0, 1 for a failure, 2 for a wrong use. */
export async function run(parts: readonly string[], env: Environment): Promise<number> {
  let exitCode = 0;
  const program = createProgram(env, (code) => (exitCode = code));
  try {
    await program.parseAsync(parts, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { line, exitCode: code } = describeFailure(error);
    console.error(`scrip: ${line}`);
    return code;
  }
}

function createProgram(env: Environment, onExit: (exitCode: number) => void): Command {
  const program = new Command('scrip')
    .description('A self-hosted ledger for customer credits.')
    .version(readVersion(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) });
  addStartCommand(program, { env, onExit });
  addMigrateCommand(program, env);
  addKeysCommand(program, env);
  addStatusCommand(program, { env, onExit });
  addVerifyCommand(program, { env, onExit });
  return program;
}

/** Commander begins with "error:" and puts its suggestion on a second line. */
function oneLine(text: string): string {
  return `scrip: ${text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')}\n`;
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
