// The book writer: order and durability for the kernel's decisions.
export { createEngine, type Engine, type EngineOptions, type Outcome } from './engine.ts';
export { EngineError } from './engine-error.ts';
export type { Book, Mode } from './port/book.ts';
export type { EventCodec } from './port/event-codec.ts';
export {
  JournalError,
  type Batch,
  type EncodedEvent,
  type Journal,
  type LockedHead,
  type NameLookup,
  type UnitOfWork,
} from './port/journal.ts';
export type {
  AccountsPage,
  AccountsQuery,
  BalancePoint,
  BalanceView,
  HeadView,
  HistoryEntry,
  LedgerReader,
  Page,
  PageRequest,
  ReadAnswer,
  TransactionsQuery,
} from './port/reader.ts';
