// The structured log: pretty on a terminal, JSON lines elsewhere, secrets left out.

import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from './config/settings.ts';

/** The logger that rooms are handed. */
export type Log = Logger;

export type LogOptions = {
  readonly level: LogLevel;
  /** Default: standard output, pretty when it is a terminal. */
  readonly stream?: DestinationStream;
};

const secretNames = ['apiKey', 'api_key', 'authorization', 'x-api-key', 'password', 'databaseUrl'];
const secretPaths = secretNames.flatMap((name) => {
  const path = name.includes('-') ? `["${name}"]` : name;
  const nested = path.startsWith('[') ? path : `.${path}`;
  return [path, `*${nested}`, `*.headers${nested}`];
});

/** Lines that wait are written when there are so many bytes of them, if no turn ends before. */
const waitingBytesMax = 8 * 1024;

/**
 * Makes a logger. JSON lines are written beside the work, those of one turn of the event loop
 * together; what is left when the process ends is written then. A `kill -9` may lose the last ones.
 */
export function createLog({ level, stream = standardOutput() }: LogOptions): Log {
  const redact = { paths: secretPaths, censor: '[left out]' };
  return pino({ level, redact, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}

function standardOutput(): DestinationStream {
  if (!process.stdout.isTTY) return writeByTurns();
  return pretty({ destination: 1, sync: true, translateTime: 'SYS:HH:MM:ss.l' });
}

// Under load a turn has many lines: a write of each would cost more than all the rest of them.
function writeByTurns(): DestinationStream {
  const lines = pino.destination({ dest: 1, sync: false, minLength: waitingBytesMax });
  let isDue = false;
  const flush = (): void => {
    isDue = false;
    lines.flush();
  };
  return {
    write: (line) => {
      lines.write(line);
      if (isDue) return;
      isDue = true;
      setImmediate(flush);
    },
  };
}
