// Bytes of the write-ahead log and of disk for a post, between two checkpoints. The image that
// PostgreSQL keeps of each page it changes first after a checkpoint is told apart: how many those
// are for a post depends on how far checkpoints are apart.
import type { Figures, Size } from '../figures.ts';
import {
  markDisk,
  readUpkeep,
  walByRelation,
  walSince,
  type DiskMark,
} from '../postgres/cluster-facts.ts';
import { printTable } from '../report/table.ts';
import { batchCallers, batchSize, mix } from './mix.ts';
import { windowOf } from './unary.ts';
import type { LedgerLoad, World } from './world.ts';

type Bytes = {
  readonly wal: number;
  readonly images: number;
  readonly disk: number;
  readonly hotShare: number;
  readonly since: DiskMark;
};

export async function measureBytes(world: World, size: Size): Promise<Figures> {
  const window = windowOf(size);
  const single = { ...mix, ...window, protocol: 'connect', inFlight: size.inFlight } as const;
  const singles = await measureOne(world, single);
  const byRelation = await walByRelation(world.ledger.sql, singles.since);
  const batch = { call: 'batch', batchSize, inFlight: batchCallers } as const;
  const batches = await measureOne(world, { ...single, ...batch });
  printTable('bytes for a post, from a checkpoint on', [
    { load: `single posts, ${size.inFlight} in flight`, ...columnsOf(singles) },
    { load: `batches of ${batchSize}`, ...columnsOf(batches) },
  ]);
  const all = byRelation.reduce((sum, { bytes }) => sum + bytes, 0);
  printTable(
    'of the log of single posts, by table and index',
    byRelation.map(({ name, bytes, images }) => ({
      name,
      'share of records': bytes / all,
      'MiB of images': images / 2 ** 20,
    })),
  );
  return {
    wal_bytes_per_post: singles.wal - singles.images,
    wal_bytes_per_post_with_page_images: singles.wal,
    disk_bytes_per_post: singles.disk,
    batch_wal_bytes_per_post: batches.wal - batches.images,
    batch_disk_bytes_per_post: batches.disk,
    account_hot_update_share: singles.hotShare,
  };
}

async function measureOne({ ledger }: World, load: LedgerLoad): Promise<Bytes> {
  const { sql } = ledger;
  await sql.query('checkpoint');
  const since = await markDisk(sql);
  const before = await readUpkeep(sql);
  const { all } = await ledger.run(load);
  const wal = await walSince(sql, since);
  const { tableBytes } = await markDisk(sql);
  await sql.query('select pg_stat_force_next_flush()');
  const after = await readUpkeep(sql);
  return {
    since,
    wal: wal.all / all.posted,
    images: wal.pageImages / all.posted,
    disk: (tableBytes - since.tableBytes) / all.posted,
    hotShare: (after.hotUpdates - before.hotUpdates) / (after.updates - before.updates),
  };
}

function columnsOf({ wal, images, disk, hotShare }: Bytes) {
  return {
    'log, without images': wal - images,
    'log, with images': wal,
    disk,
    'HOT share of account updates': hotShare,
  };
}
