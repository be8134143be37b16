// What the page knows, and everything that can change it.
import type { AccountHistory, EntryPage, EntryRow } from './account-history.ts';
import type { Connection, StreamName, StreamStatus } from './connection.ts';

export type AccountView = {
  readonly id: string;
  readonly name: string;
  readonly customerId: string;
  readonly unitLabel: string;
  readonly unitScale: number;
  readonly status: 'active' | 'frozen' | 'closed';
  readonly balance: BalanceView;
};

export type BalanceView = {
  readonly balance: string;
  readonly held: string;
  readonly available: string;
  /** How often it changed while the page was open. */
  readonly changeCount: number;
};

/** Why the page shows nothing new any more. */
export type Ending = { readonly message: string; readonly atMs: number };

export type SignedOut = {
  readonly kind: 'signed_out';
  readonly isBusy: boolean;
  readonly failure?: string;
  /** Whether somebody was signed in until now; a page that has just come takes no focus. */
  readonly hasLeft?: boolean;
};

export type SignedIn = {
  readonly kind: 'signed_in';
  /** Whose accounts were asked for; absent where a token says so, which is not read here. */
  readonly customerId?: string;
  /** Which book it is, where the token says. */
  readonly mode?: 'test' | 'prod';
  readonly connection: Connection;
  readonly nowMs: number;
  /** Absent until they are known. */
  readonly accounts?: readonly AccountView[];
  /** Whether there are accounts besides these, which are not shown. */
  readonly hasMoreAccounts: boolean;
  /** Balances that came before their accounts did. */
  readonly earlyBalances: Readonly<Record<string, Omit<BalanceView, 'changeCount'>>>;
  readonly selectedId?: string;
  readonly historiesByAccountId: Readonly<Record<string, AccountHistory>>;
  /** The balance of the selected account as it was last read aloud. */
  readonly spoken?: { readonly text: string; readonly atMs: number };
  /** The history was replaced while the page looked on. */
  readonly notice?: string;
  readonly ending?: Ending;
};

export type State = SignedOut | SignedIn;

export type Change =
  | { readonly kind: 'signing_in' }
  | { readonly kind: 'sign_in_failed'; readonly message: string }
  | ({ readonly kind: 'signed_in' } & Pick<SignedIn, 'nowMs' | 'customerId' | 'mode'>)
  | { readonly kind: 'signed_out' }
  | SessionChange;

/** What happens to a page that is signed in. */
export type SessionChange =
  | {
      readonly kind: 'accounts_listed';
      /** All of them, or the newest where there are more. */
      readonly accounts: readonly AccountView[];
      readonly hasMore: boolean;
    }
  | { readonly kind: 'account_seen'; readonly account: AccountView }
  | {
      readonly kind: 'balance_seen';
      readonly accountId: string;
      readonly balance: Omit<BalanceView, 'changeCount'>;
    }
  | { readonly kind: 'entry_seen'; readonly row: EntryRow }
  | { readonly kind: 'account_selected'; readonly accountId: string }
  | { readonly kind: 'page_asked'; readonly accountId: string }
  | {
      readonly kind: 'page_read';
      readonly accountId: string;
      readonly place: 'newest' | 'older';
      readonly page: EntryPage;
    }
  | { readonly kind: 'page_failed'; readonly accountId: string; readonly message: string }
  | {
      readonly kind: 'stream_moved';
      readonly stream: StreamName;
      readonly status: StreamStatus;
      readonly nowMs: number;
    }
  | { readonly kind: 'heard'; readonly atMs: number }
  | { readonly kind: 'time_passed'; readonly nowMs: number }
  /** The book was restored to an earlier state: what was seen of it is void. */
  | { readonly kind: 'history_replaced'; readonly message: string }
  | { readonly kind: 'ended'; readonly message: string; readonly atMs: number };
