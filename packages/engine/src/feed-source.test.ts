// The in-memory source of the feed passes the suite that the one on PostgreSQL passes.
import {
  createMemoryBook,
  createMemoryFeedSource,
  createMemoryJournal,
  describeFeedSource,
  jsonEventCodec,
} from '@scrip/testkit';
import { instantFromMs } from '@scrip/kernel';

let bookCount = 100;

describeFeedSource('memory', async () => {
  const journal = createMemoryJournal();
  const ticking: typeof journal = {
    ...journal,
    transact: (book, work) => {
      journal.now = instantFromMs(journal.now + 1);
      return journal.transact(book, work);
    },
  };
  return {
    journal: ticking,
    codec: jsonEventCodec,
    source: createMemoryFeedSource(journal),
    other: createMemoryFeedSource(journal),
    makeBook: async () => createMemoryBook(++bookCount),
  };
});
