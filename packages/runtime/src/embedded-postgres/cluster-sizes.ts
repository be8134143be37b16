// How much memory and log a new cluster is made with. PostgreSQL's own defaults are small: with
// them, batches in a book of five million posts go at six tenths of their rate in an empty one.
import { totalmem } from 'node:os';

const mebibyte = 1024 * 1024;
const bufferShare = 4;
const bufferMebibytesMin = 128;
const bufferMebibytesMax = 1024;

/** The memory that this process and those it starts may use, in bytes. */
export function usableMemoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/**
 * Settings for a new cluster's `postgresql.conf`, where an operator may change them: a quarter of
 * the memory for pages, from 128 MB to 1 GB, and checkpoints that come by time, not by 1 GB of log.
 */
export function clusterSizes(memoryBytes: number): Readonly<Record<string, string>> {
  const quarter = Math.floor(memoryBytes / bufferShare / mebibyte);
  const buffers = Math.min(Math.max(quarter, bufferMebibytesMin), bufferMebibytesMax);
  return { shared_buffers: `${buffers}MB`, max_wal_size: '4GB' };
}
