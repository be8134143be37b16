// The source of the feed on PostgreSQL: pages of stored history, and wake-ups between processes.
import type { FeedAsker, FeedSource } from '@scrip/engine';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createRun } from '../connection/run.ts';
import { findSeal } from '../journal/find-seal.ts';
import { readHistory } from './read-history.ts';
import { readHeadSeal, readSequenceBefore } from './read-seals.ts';
import type { Turns } from './turns.ts';
import type { WakeListener } from './wake-listener.ts';
import type { Waker } from './waker.ts';

/** Makes the source on an ORM whose connections are the feed's, and which are used in turns. */
export function createFeedSource(options: {
  readonly orm: MikroORM;
  readonly turns: Turns;
  readonly waker: Waker;
  readonly wakeListener: WakeListener;
}): FeedSource {
  const { orm, turns, waker, wakeListener } = options;
  const run = createRun(orm.em.fork().getKysely());
  return {
    head: (book) => turns.take('look', () => readHeadSeal(run, book)),
    findSeal: async (book, sequence, asker) => {
      if (sequence === 0) return genesisHash();
      return turns.take(asker ?? askerDefault, () => findSeal({ run, book }, sequence));
    },
    sequenceBefore: (book, instant, asker) =>
      turns.take(asker ?? askerDefault, () => readSequenceBefore(run, book, instant)),
    readHistory: (book, query) =>
      turns.take(query.asker ?? askerDefault, () => readHistory(run, book, query)),
    wakeOthers: (bookIds) => waker.wake(bookIds),
    // What this process wrote it has published: its own wake-ups would make it read that again.
    listen: (onWake) =>
      wakeListener.listen((wake) => {
        if (wake === undefined || !waker.isOwn(wake.serverProcessId)) onWake(wake?.bookId);
      }),
  };
}

const askerDefault: FeedAsker = 'account_stream';

/** What seals an empty book, as the journal's port says: zeros. */
function genesisHash(): Uint8Array {
  return new Uint8Array(32);
}
