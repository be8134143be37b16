// The in-memory journal passes the suite that the one on PostgreSQL passes.
import {
  createMemoryBook,
  createMemoryJournal,
  describeJournal,
  jsonEventCodec,
} from '@scrip/testkit';

let bookCount = 0;

describeJournal('memory', async () => ({
  journal: createMemoryJournal(),
  codec: jsonEventCodec,
  clock: () => 0,
  makeBook: async () => createMemoryBook(++bookCount),
}));
