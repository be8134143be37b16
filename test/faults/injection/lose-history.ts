// The ways in which a book loses its last events: a failover to a standby that lacks them, and the
// restore of an older backup, both under servers that live through it.
import { mkdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  followOriginal,
  startSecond,
  takeBaseBackup,
  type Original,
  type SecondPostgres,
} from './second-postgres.ts';
import { startStepProxy } from './step-proxy.ts';
import type { StepStage } from './step-stage.ts';

/** A way to a second PostgreSQL that lacks what was written last. */
export type WayToLose = {
  /** From here on the second one gets nothing more. */
  readonly part: () => Promise<void>;
  /** Gives the second one, ready for writes. The first one has ended. */
  readonly takeOver: () => Promise<SecondPostgres>;
};

/** A standby that streams until it is parted from the first one. */
export async function prepareStandby(stage: StepStage): Promise<WayToLose> {
  const original = originalOf(stage);
  const folder = newFolder(stage, 'standby');
  await takeBaseBackup(original, folder);
  const link = await startStepProxy(() => original.socketPath);
  followOriginal(folder, original, link.port);
  const standby = await startSecond(original, folder);
  stage.onClose(standby.stop);
  return {
    part: () => link.close(),
    takeOver: async () => {
      await standby.ask('select pg_promote()');
      await standby.promoted();
      return standby;
    },
  };
}

/**
 * A base backup, taken when it is parted; what comes later is not in it. It is started with the
 * environment given.
 */
export async function prepareBackup(
  stage: StepStage,
  env: Readonly<Record<string, string>> = {},
): Promise<WayToLose> {
  const original = originalOf(stage);
  const folder = newFolder(stage, 'backup');
  return {
    part: () => takeBaseBackup(original, folder),
    takeOver: async () => {
      const restored = await startSecond(original, folder, env);
      stage.onClose(restored.stop);
      await restored.promoted();
      return restored;
    },
  };
}

function originalOf({ cluster }: StepStage): Original {
  const { user, database } = cluster;
  return {
    dataDir: cluster.folder,
    socketPath: cluster.socketPath(),
    program: readlinkSync(`/proc/${cluster.pid()}/exe`),
    user,
    database,
  };
}

function newFolder({ folder }: StepStage, name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { mode: 0o700 });
  return path;
}
