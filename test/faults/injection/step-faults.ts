// Faults at the exact steps of a flush.
import { setTimeout as delay } from 'node:timers/promises';
import type { ScripProcess } from '@scrip/testkit';
import { restart } from './faults.ts';
import type { Afterwards, Moment } from './step-proxy.ts';
import type { Actor } from './step-stage.ts';

/** The moments of a flush between which a fault makes a difference, in their order. */
export const moments: Readonly<Record<string, Moment>> = {
  'before the lock': { step: 'lock', when: 'asked' },
  'after the lock': { step: 'lock', when: 'answered' },
  'while it loads': { step: 'look-up', when: 'sent' },
  'after it has loaded': { step: 'write', when: 'asked' },
  'after the write': { step: 'write', when: 'answered' },
  'before the COMMIT': { step: 'commit', when: 'asked' },
  'COMMIT sent, not answered': { step: 'commit', when: 'sent' },
  'COMMIT answered, not published': { step: 'commit', when: 'answered' },
};

export type StepFault = {
  readonly kind: string;
  /** Done while the flush is held; tells how its connection goes on. */
  readonly act: (server: ScripProcess, backendPid: number) => Promise<Afterwards>;
  /** Done when the connection has gone on. */
  readonly repair?: (server: ScripProcess) => Promise<void>;
};

/** Longer than PostgreSQL lets a unit of work lie idle, which is 2 s. */
const pauseMs = 3_000;
const reachedMsMax = 20_000;

export const serverKilled: StepFault = {
  kind: 'server killed',
  act: async (server) => {
    await server.kill('SIGKILL');
    return 'cut';
  },
  repair: restart,
};

/** As `serverKilled`, but its last answer is on its way to it. */
export const serverKilledAfterAnswer: StepFault = {
  kind: 'server killed',
  act: async (server) => {
    setImmediate(() => void server.kill('SIGKILL'));
    return 'go on';
  },
  repair: async (server) => {
    await server.kill('SIGKILL');
    await restart(server);
  },
};

export const backendKilled: StepFault = {
  kind: 'backend killed',
  act: async (_, backendPid) => {
    process.kill(backendPid, 'SIGKILL');
    return 'go on';
  },
};

export const backendEnded: StepFault = {
  kind: 'backend ended',
  act: async (_, backendPid) => {
    process.kill(backendPid, 'SIGTERM');
    return 'go on';
  },
};

export const connectionCut: StepFault = { kind: 'connection cut', act: async () => 'cut' };

export const serverPaused: StepFault = {
  kind: 'server paused',
  act: async (server) => {
    process.kill(server.pid(), 'SIGSTOP');
    await delay(pauseMs);
    process.kill(server.pid(), 'SIGCONT');
    return 'go on';
  },
};

/** Does a fault to the next flush of the server that reaches the moment. */
export async function injectAt(actor: Actor, moment: Moment, fault: StepFault): Promise<void> {
  const { server, proxy } = actor;
  const act = (backendPid: number): Promise<Afterwards> => fault.act(server, backendPid);
  const late = delay(reachedMsMax, 'late', { ref: false });
  const ended = await Promise.race([proxy.breakNext({ ...moment, act }), late]);
  if (ended === 'late') throw new Error(`no flush came by ${moment.step}, ${moment.when}`);
  await fault.repair?.(server);
}
