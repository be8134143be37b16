// What is asked of PostgreSQL around a measurement: how durable it is, and what it wrote.
import type { Client } from 'pg';

/** The settings that decide whether an answered post survives, as the server says them. */
export async function readDurability(sql: Client): Promise<Readonly<Record<string, string>>> {
  const names = [
    'server_version',
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'wal_sync_method',
    'wal_compression',
    'data_checksums',
    'shared_buffers',
    'max_wal_size',
    'checkpoint_timeout',
  ];
  const { rows } = await sql.query<{ name: string; setting: string }>(
    'select name, current_setting(name) as setting from pg_settings where name = any($1)',
    [names],
  );
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

/** Where the write-ahead log and the tables stand. */
export type DiskMark = { readonly lsn: string; readonly tableBytes: number };

export async function markDisk(sql: Client): Promise<DiskMark> {
  const { rows } = await sql.query<{ lsn: string; bytes: string }>(
    `select pg_current_wal_insert_lsn()::text as lsn,
      (select sum(pg_total_relation_size(relid)) from pg_stat_user_tables)::text as bytes`,
  );
  const [row] = rows;
  return { lsn: row?.lsn ?? '', tableBytes: Number(row?.bytes) };
}

/** Bytes of the write-ahead log from a mark until now; needs the extension pg_walinspect. */
export type WalBytes = { readonly all: number; readonly pageImages: number };

export async function walSince(sql: Client, { lsn }: DiskMark): Promise<WalBytes> {
  const { rows } = await sql.query<{ all: string; images: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_flush_lsn(), $1)::text as all,
      (select sum(fpi_size) from pg_get_wal_stats($1, pg_current_wal_flush_lsn()))::text as images`,
    [lsn],
  );
  return { all: Number(rows[0]?.all), pageImages: Number(rows[0]?.images) };
}

/** Bytes of the write-ahead log by table or index, page images apart; the largest first. */
export async function walByRelation(sql: Client, { lsn }: DiskMark) {
  const { rows } = await sql.query<{ name: string; bytes: string; images: string }>(
    `select coalesce(c.relname, '(other)') as name,
      sum(b.record_length - coalesce(b.block_fpi_length, 0)) filter (where b.block_id = 0)::text
        as bytes,
      sum(coalesce(b.block_fpi_length, 0))::text as images
    from pg_get_wal_block_info($1, pg_current_wal_flush_lsn(), false) b
    left join pg_class c on pg_relation_filenode(c.oid) = b.relfilenode
    group by 1 order by sum(b.record_length) desc limit 12`,
    [lsn],
  );
  return rows.map(({ name, bytes, images }) => ({
    name,
    bytes: Number(bytes),
    images: Number(images),
  }));
}

/** What a book has so far. */
export type BookCounts = { readonly entries: number; readonly seals: number };

export async function countBook(sql: Client): Promise<BookCounts> {
  const { rows } = await sql.query<{ entries: string; seals: string }>(
    `select (select count(*) from entry)::text as entries,
      (select count(*) from seal)::text as seals`,
  );
  return { entries: Number(rows[0]?.entries), seals: Number(rows[0]?.seals) };
}

/** Checkpoints and vacuums so far, and the updates of accounts that touched no index. */
export type Upkeep = {
  readonly checkpoints: number;
  readonly vacuums: number;
  readonly updates: number;
  readonly hotUpdates: number;
};

export async function readUpkeep(sql: Client): Promise<Upkeep> {
  const { rows } = await sql.query<Record<keyof Upkeep, string>>(
    `select
      (select num_timed + num_requested from pg_stat_checkpointer)::text as "checkpoints",
      sum(vacuum_count + autovacuum_count)::text as "vacuums",
      sum(n_tup_upd) filter (where relname = 'account')::text as "updates",
      sum(n_tup_hot_upd) filter (where relname = 'account')::text as "hotUpdates"
    from pg_stat_user_tables`,
  );
  const [row] = rows;
  return {
    checkpoints: Number(row?.checkpoints),
    vacuums: Number(row?.vacuums),
    updates: Number(row?.updates),
    hotUpdates: Number(row?.hotUpdates),
  };
}
