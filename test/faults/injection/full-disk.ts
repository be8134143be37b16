// A full disk: PostgreSQL on a small file system that is filled under load and emptied again.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startLoad } from '../load/run-load.ts';
import { finishRound, type RoundOptions, type RoundReport } from './round.ts';
import { openStage } from './stage.ts';

const sizeMiB = 1_536;
const fullMs = 5_000;
const warmUpMs = 2_000;
const recoveryMsMax = 60_000;

export type SmallDisk = {
  readonly folder: string;
  readonly fill: () => void;
  readonly empty: () => void;
  readonly unmount: () => void;
};

/** Mounts a small file system, which takes root; gives nothing where that is not allowed. */
export function mountSmallDisk(): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'scrip-disk-'));
  const remove = (): void => rmdirSync(folder);
  try {
    const options = ['-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=0755`, 'tmpfs', folder];
    execFileSync('mount', options, { stdio: 'ignore' });
  } catch {
    remove();
    return undefined;
  }
  chmodSync(folder, 0o755);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => fill(folder, filler),
    empty: () => rmSync(filler, { force: true }),
    unmount: () => {
      execFileSync('umount', ['-l', folder]);
      remove();
    },
  };
}

/**
 * Leaves not one block. PostgreSQL takes space at the same time, and what is asked for is given
 * whole or not at all: it is asked for in ever smaller pieces.
 */
function fill(folder: string, filler: string): void {
  const { bavail, bsize } = statfsSync(folder);
  let size = 0;
  for (let blocks = bavail; blocks >= 1;) {
    const byteCount = Math.floor(blocks) * bsize;
    const piece = ['-o', String(size), '-l', String(byteCount), filler];
    if (spawnSync('fallocate', piece, { stdio: 'ignore' }).status === 0) size += byteCount;
    else blocks /= 2;
  }
  if (size === 0) throw new Error('the disk could not be filled');
}

/** Fills the disk under load, waits, empties it, and checks everything that was answered. */
export async function runFullDisk(
  disk: SmallDisk,
  options: Omit<RoundOptions, 'counts' | 'operationCountMin'>,
): Promise<RoundReport> {
  const { seed, clientCount, folder, tally, say } = options;
  const stage = await openStage({ serverCount: 1, dataDir: join(disk.folder, 'data') });
  try {
    const urls = stage.servers.map(({ ledgerUrl }) => ledgerUrl);
    const historyPath = join(folder, `history-full-disk-${seed}`);
    const { apiKey, cluster } = stage;
    const load = await startLoad({ urls, apiKey, seed, clientCount, historyPath });
    await delay(warmUpMs);
    const [inFlight, unknownBefore] = [load.inFlightCount(), load.unknownCount()];
    disk.fill();
    const accepted = load.acceptedCount();
    await delay(fullMs);
    say(`full disk: ${load.acceptedCount() - accepted} writes answered in ${fullMs} ms`);
    disk.empty();
    const from = performance.now();
    if (await recover(load.acceptedCount, cluster.reviveIfEnded)) {
      say('full disk: PostgreSQL had ended and was started again');
    }
    const unknown = load.unknownCount() - unknownBefore;
    const recoveryMsLongest = performance.now() - from;
    tally.note({ fault: 'full disk', inFlight, unknown, recoveryMsMax: recoveryMsLongest });
    await delay(warmUpMs);
    await load.finish();
    return await finishRound(stage, { seed, historyPath });
  } finally {
    await stage.close();
  }
}

/** Starts PostgreSQL again, as a supervisor would; says whether that was needed. */
async function recover(
  acceptedCount: () => number,
  reviveIfEnded: () => Promise<boolean>,
): Promise<boolean> {
  const goal = acceptedCount() + 50;
  let isRevived = false;
  for (const from = performance.now(); acceptedCount() < goal;) {
    if (performance.now() - from > recoveryMsMax) {
      throw new Error('no progress after the disk had space again');
    }
    isRevived ||= await reviveIfEnded();
    await delay(50);
  }
  return isRevived;
}
