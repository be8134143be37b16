// The one door of @scrip/testkit.

export { describeFullBook } from './full-book-suite.ts';
export { createTestDatabase } from './database.ts';
export { connectTestDatabase } from './connect-test-database.ts';
export { openTestDatabase } from './open-test-database.ts';
export type { TestDatabase } from './database.ts';
export { runScrip, startScrip } from './process.ts';
export type { CommandResult, ScripProcess } from './process.ts';
export { expectWithin } from './within.ts';
export { startTestCluster } from './test-cluster.ts';
export type { TestCluster } from './test-cluster.ts';
export { jsonEventCodec } from './json-event-codec.ts';
export { readEvents, runBatches, type CommandBatch } from './command-batches.ts';
export { describeJournal } from './journal-suite.ts';
export { createMemoryBook, createMemoryJournal } from './memory-journal.ts';
export type { JournalFault } from './memory-journal.ts';
export { createTestBook } from './test-book.ts';
export { createCouponBook, recordOf, recordsOf } from './coupon-book.ts';
export {
  couponCommandOf,
  couponPrograms,
  couponStepMs,
  noRecordsSeen,
  noteRecordsSeen,
  type CouponStep,
} from './coupon-program.ts';
export { runCouponProgram } from './run-coupon-program.ts';
export { programs, commandOf, type Step } from './program.ts';
export {
  noteSeen,
  nothingSeen,
  termsCommandOf,
  termsPrograms,
  waitedMs,
  type SeenTerms,
  type TermsStep,
} from './terms-program.ts';
export { lawsSeed } from './laws-seed.ts';
export { createMemoryAuditSource, type TamperedBook } from './memory-audit-source.ts';
export { describeFeedSource } from './feed-source-suite.ts';
export { createMemoryFeedSource } from './memory-feed-source.ts';
export { createWatchedBook, type WatchedProcess, type WatchedBook } from './watched-book.ts';
export { recordStream, type StreamRecord } from './stream-recorder.ts';
export { faultsOf, sequencesOf } from './feed-faults.ts';
