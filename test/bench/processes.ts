// What the measurements need of processes: children that answer, and what a process has used.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** A child that answers each message with one. */
export type Worker = {
  readonly ask: <Answer>(message: object) => Promise<Answer>;
  readonly end: () => Promise<void>;
};

export function startWorker(file: URL): Worker {
  const child = fork(file, { execArgv: ['--conditions=@scrip/source'] });
  return {
    ask: (message) => answerOf(child, message),
    end: async () => {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function answerOf<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  child.send(message);
  const answer = await Promise.race([
    once(child, 'message') as Promise<[Answer]>,
    once(child, 'exit').then(() => {
      throw new Error('A worker ended without an answer.');
    }),
  ]);
  return answer[0];
}

/** Bytes of memory that the process holds now. */
export function residentBytes(pid: number): number {
  const kiB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kiB) * 1_024;
}

/** Seconds of one core that the process has used so far. */
export function coreSeconds(pid: number): number {
  return coreSecondsOf(statOf(String(pid)), 2);
}

/** As `coreSeconds`, of a process with all its children, those that have ended included. */
export function familyCoreSeconds(pid: number): number {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return children.reduce(
    (sum, child) => {
      const fields = statOf(child);
      if (fields === undefined || Number(fields[1]) !== pid) return sum;
      return sum + (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    },
    coreSecondsOf(statOf(String(pid)), 4),
  );
}

/** Own time, and with four fields that of ended children as well. */
function coreSecondsOf(fields: readonly string[] | undefined, count: 2 | 4): number {
  const times = fields?.slice(11, 11 + count) ?? [];
  return times.reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}

/** What `/proc` says of a process, from its state on; of one that has ended nothing. */
function statOf(pid: string): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program may hold spaces; what follows it does not.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Seconds that all cores of the machine were busy so far, with what others took of it. */
export function machineCoreSeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softIrq + steal) / ticksPerSecond;
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
