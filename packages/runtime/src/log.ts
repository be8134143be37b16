// The structured log: pretty on a terminal, JSON lines elsewhere, secrets left out.

import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { systemClock } from './clock.ts';
import type { LogLevel } from './config/settings.ts';
import { createLogOutput } from './log-output.ts';

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

/**
 * Makes a logger. JSON lines are written beside the work, those of ten milliseconds together; what
 * is left when the process ends is written then. A `kill -9` may lose the last ones, and an output
 * that takes nothing more than it can be waited for: see `createLogOutput`.
 */
export function createLog({ level, stream = standardOutput() }: LogOptions): Log {
  const redact = { paths: secretPaths, censor: '[left out]' };
  return pino({ level, redact, base: null, timestamp: createTimestamp() }, stream);
}

// Under load a millisecond has many lines.
function createTimestamp(): () => string {
  let writtenMs = 0;
  let written = '';
  return () => {
    const nowMs = systemClock.nowMs();
    if (nowMs !== writtenMs) {
      writtenMs = nowMs;
      written = `,"time":"${new Date(nowMs).toISOString()}"`;
    }
    return written;
  };
}

function standardOutput(): DestinationStream {
  if (!process.stdout.isTTY) return createLogOutput();
  return pretty({ destination: 1, sync: true, translateTime: 'SYS:HH:MM:ss.l' });
}
