// What a running PostgreSQL says about itself in postmaster.pid.

import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** A server as its pid file describes it. */
export type Postmaster = {
  readonly pid: number;
  readonly socketDir: string;
  readonly port: number;
  /** `starting`, `ready`, `stopping` or `standby`; empty in the first moments. */
  readonly status: string;
};

/** The server of a cluster, or `undefined` when there is no pid file or it is not yet whole. */
export function readPostmaster(clusterDir: string): Postmaster | undefined {
  const path = postmasterPath(clusterDir);
  const lines = existsSync(path) ? readIfThere(path).split('\n') : [];
  const [pid, , , port, socketDir, , , status] = lines.map((line) => line.trim());
  if (pid === undefined || port === undefined || socketDir === undefined) return undefined;
  return { pid: Number(pid), port: Number(port), socketDir, status: status ?? '' };
}

/** Whether a pid file is there, whole or not. */
export function hasPostmasterFile(clusterDir: string): boolean {
  return existsSync(postmasterPath(clusterDir));
}

/** Whether something answers on the server's socket: a pid alone may belong to another process. */
export async function answers({ socketDir, port }: Postmaster): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(join(socketDir, `.s.PGSQL.${port}`));
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  const answered = await promise;
  socket.destroy();
  return answered;
}

function postmasterPath(clusterDir: string): string {
  return join(clusterDir, 'postmaster.pid');
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
