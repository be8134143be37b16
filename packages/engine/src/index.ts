// The book writer: order and durability for the kernel's decisions.
export { genesisHash, nextChainHash } from './chain-hash.ts';
export { createEngine, type Engine } from './engine.ts';
export { EngineError } from './engine-error.ts';
export { createFeed, type FeedHub, type FeedObserver } from './feed/create-feed.ts';
export type {
  BalanceItem,
  Feed,
  FeedEvent,
  FeedEvents,
  FeedItem,
  FeedPosition,
  FeedStart,
} from './feed/feed.ts';
export { FeedError } from './feed/feed-error.ts';
export type { FeedBounds, FeedTiming } from './feed/feed-limits.ts';
export type { BatchOutcome, Outcome } from './outcome.ts';
export type { Book, Mode } from './port/book.ts';
export type { EventCodec } from './port/event-codec.ts';
export type {
  FeedAsker,
  FeedFilter,
  FeedScope,
  FeedSource,
  HistoryPage,
  HistoryQuery,
  Seal,
} from './port/feed-source.ts';
export {
  isPassing,
  JournalError,
  type Batch,
  type FoundCoupon,
  type FoundTerms,
  type LoadedAccounts,
  type TermsIds,
  type EncodedEvent,
  type Expected,
  type Journal,
  type LockedHead,
  type NameLookup,
  type UnitOfWork,
} from './port/journal.ts';
export type {
  AsOf,
  CouponCodesQuery,
  CouponReader,
  CouponsQuery,
  CreditRulesQuery,
  CustomerCreditsQuery,
  ListRequest,
  MembershipsQuery,
  RedemptionsQuery,
} from './port/coupon-reader.ts';
export type { EngineObserver, FlushEnd } from './port/observer.ts';
export { balanceViewOf } from './port/reader.ts';
export type {
  AccountsQuery,
  BalanceParts,
  BalancePoint,
  BalanceView,
  CountedPage,
  ExplainedEntry,
  HeadView,
  HistoryEntry,
  LedgerReader,
  Page,
  PageRequest,
  ReadAnswer,
  SettledAnswer,
  TermsQuery,
  TermsReader,
  TransactionsQuery,
} from './port/reader.ts';
export type { DueInBook, DueSource } from './port/due-source.ts';
export type {
  AuditSource,
  BookSnapshot,
  StoredAccount,
  StoredCustomerEvent,
  StoredEntry,
  StoredEvent,
  StoredHead,
  StoredSeal,
  StoredTerm,
  StoredTermChange,
} from './port/audit-source.ts';
export type { Difference } from './verify/difference.ts';
export { startSweeper, type Sweeper, type SweeperOptions } from './sweep.ts';
export type { LeaveSignal } from './waiting-queue.ts';
export { verifyBook } from './verify/verify-book.ts';
