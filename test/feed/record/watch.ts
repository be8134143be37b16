// What a watcher asks for, and all that it was told.
import type { Balance, EventKind, FeedPosition } from '@scrip/contract';

/** Which events; the ids are those of the ledger. */
export type Scope = { readonly kind: 'book' } | OwnScope;

export type OwnScope =
  | { readonly kind: 'accounts'; readonly accountIds: readonly string[] }
  | { readonly kind: 'customer'; readonly customerId: string };

export type Start =
  | { readonly kind: 'beginning' | 'now' }
  | { readonly kind: 'from_sequence'; readonly sequence: number }
  | { readonly kind: 'from_time'; readonly atMs: number };

/** As whom a watcher calls. An access token sees its own accounts, and less of them. */
export type Caller =
  | { readonly kind: 'key' }
  | { readonly kind: 'token'; readonly scope: OwnScope };

export type Watch = {
  readonly scope: Scope;
  /** Empty: all kinds. */
  readonly kinds: readonly EventKind[];
  readonly start: Start;
  readonly caller: Caller;
};

/** One message of a stream of events. */
export type Told = {
  readonly kind: 'started' | 'events' | 'caught_up' | 'fell_behind' | 'heartbeat';
  readonly atMs: number;
  /** As it came, so that a resume sends it back unchanged. */
  readonly position: FeedPosition;
  /** Events of this attempt up to here, those of this message included. */
  readonly deliveredCount: number;
};

/** The told message that an attempt resumed behind: its attempt, and its place in that. */
export type Resume = { readonly attempt: number; readonly told: number };

/** How an attempt ended: by the watcher itself, or as the server said. */
export type End =
  | { readonly kind: 'left' }
  | { readonly kind: 'failed'; readonly code: string; readonly reason?: string };

/** One stream, from its opening to its end. */
export type Attempt = {
  readonly openedAtMs: number;
  /** Absent: it began at the start of the watch. */
  readonly resume?: Resume;
  readonly told: Told[];
  /** Of each event, as they came: its sequence (0 with an access token) and its digest. */
  readonly sequences: number[];
  readonly digests: string[];
  end: End | undefined;
};

/** A watcher of events, and its attempts in their order. */
export type WatchRecord = {
  readonly name: string;
  readonly watch: Watch;
  /** Whether it reads as fast as it can: only then can it say when something is late. */
  readonly isPrompt: boolean;
  /** Whether it is given every message, not events and bookmarks alone. */
  readonly tellsAll: boolean;
  readonly attempts: Attempt[];
  /** Whether it was to see everything to the end of the run. */
  isFinished: boolean;
};

/** One message of a stream of balances. */
export type ToldBalance =
  | { readonly kind: 'balance'; readonly atMs: number; readonly balance: Balance }
  | {
      readonly kind: 'snapshot_end' | 'heartbeat';
      readonly atMs: number;
      readonly position: FeedPosition;
    };

export type BalanceAttempt = {
  readonly openedAtMs: number;
  readonly told: ToldBalance[];
  end: End | undefined;
};

/** A watcher of balances. Each attempt begins with all balances anew. */
export type BalanceRecord = {
  readonly name: string;
  readonly scope: OwnScope;
  readonly caller: Caller;
  /** Whether it is given every message, not what is new to it alone. */
  readonly tellsAll: boolean;
  readonly attempts: BalanceAttempt[];
  isFinished: boolean;
};
