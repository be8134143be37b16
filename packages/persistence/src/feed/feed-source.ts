// The source of the feed on PostgreSQL: pages of stored history, and wake-ups between processes.
import { genesisHash, type FeedSource } from '@scrip/engine';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createRun } from '../connection/run.ts';
import { findSeal } from '../journal/find-seal.ts';
import { readHistory } from './read-history.ts';
import { readHeadSeal, readSequenceBefore } from './read-seals.ts';
import type { WakeListener } from './wake-listener.ts';
import type { Waker } from './waker.ts';

/** Makes the source on an ORM whose connections are the feed's. */
export function createFeedSource(options: {
  readonly orm: MikroORM;
  readonly waker: Waker;
  readonly wakeListener: WakeListener;
}): FeedSource {
  const { orm, waker, wakeListener } = options;
  const run = createRun(orm.em.fork().getKysely());
  return {
    head: (book) => readHeadSeal(run, book),
    findSeal: async (book, sequence) =>
      sequence === 0 ? genesisHash : findSeal({ run, book }, sequence),
    sequenceBefore: (book, instant) => readSequenceBefore(run, book, instant),
    readHistory: (book, query) => readHistory(run, book, query),
    wakeOthers: (bookIds) => waker.wake(bookIds),
    listen: (onWake) => wakeListener.listen(onWake),
  };
}
