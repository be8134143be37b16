// A stream of balances: those of one moment, then the latest of each account that changes.
import type { AccountId, Instant } from '@scrip/kernel';
import type { FeedScope } from '../port/feed-source.ts';
import { balanceViewOf, type BalanceView, type LedgerReader } from '../port/reader.ts';
import { createBalanceSheet, type BalanceSheet } from './balance-sheet.ts';
import { FeedError } from './feed-error.ts';
import type { BalanceItem, FeedEvent, FeedPosition } from './feed.ts';
import { knownSeal, type HistoryStream } from './history-stream.ts';
import { listAccounts } from './list-accounts.ts';
import type { Registration } from './live-index.ts';
import { finish } from './watch.ts';

/** Whose balances a stream gives. */
export type BalanceScope = Exclude<FeedScope, { readonly kind: 'book' }>;

/** What a stream of balances stands on. */
export interface BalanceStream extends Omit<HistoryStream, 'filter'> {
  readonly reader: Pick<LedgerReader, 'accounts' | 'balances'>;
  readonly scope: BalanceScope;
}

/** Gives the items of a stream whose book is followed. Ends by throwing, or when it is returned. */
export async function* streamBalances(stream: BalanceStream): AsyncGenerator<BalanceItem, void> {
  const { watch, bookFeed, scope } = stream;
  const sheet = createBalanceSheet(scope.kind === 'customer' ? scope.customerId : undefined);
  const registration = register(stream, sheet);
  const snapshot = await finish(watch, readSnapshot(stream, registration));
  sheet.begin(snapshot.views, snapshot.settledTo);
  let { position } = snapshot;
  for (const view of snapshot.views) {
    yield { kind: 'balance', view };
    watch.throwIfEnded();
  }
  yield { kind: 'snapshot_end', position };
  watch.startHeartbeats(stream.context.timing.heartbeatMs);
  yield { kind: 'heartbeat', position };
  for (;;) {
    watch.throwIfEnded();
    const view = sheet.next();
    if (view !== undefined) yield { kind: 'balance', view };
    else position = laterOf(position, bookFeed.tail());
    if (watch.takeHeartbeat()) yield { kind: 'heartbeat', position };
    else if (view === undefined) await watch.sleep();
  }
}

function register({ bookFeed, watch, scope }: BalanceStream, sheet: BalanceSheet): Registration {
  const accountWatch = {
    take: (event: FeedEvent) => sheet.take(event),
    settle: () => watch.wake(),
  };
  // Balances know of no coupons.
  const customer = scope.kind === 'customer' ? { ...scope, withCoupons: false } : undefined;
  const registration = bookFeed.index.register(accountWatch, customer);
  if (scope.kind === 'accounts') registration.add(scope.accountIds);
  watch.onEnd(() => registration.end());
  return registration;
}

interface Snapshot {
  readonly views: readonly BalanceView[];
  readonly position: FeedPosition;
  readonly settledTo?: Instant | undefined;
}

/** Reads the balances when all their accounts are in the index, so that no change is missed. */
async function readSnapshot(stream: BalanceStream, registration: Registration): Promise<Snapshot> {
  const { scope, bookFeed } = stream;
  if (scope.kind === 'accounts') return sealed(stream, await readBalances(stream, scope));
  const first = await readCustomer(stream, scope.customerId);
  registration.add(first.views.map(({ accountId }) => accountId));
  // Changes that came before their accounts were in the index are in no list: read again.
  const isComplete = first.sequence >= bookFeed.tail().sequence;
  const read = isComplete ? first : await readCustomer(stream, scope.customerId);
  registration.add(read.views.map(({ accountId }) => accountId));
  return sealed(stream, read);
}

interface ReadViews {
  readonly views: readonly BalanceView[];
  readonly sequence: BalanceView['sequence'];
  readonly settledTo?: Instant | undefined;
}

async function readBalances(
  { reader, book }: BalanceStream,
  { accountIds }: { readonly accountIds: readonly AccountId[] },
): Promise<ReadViews> {
  const refs = accountIds.map((id) => ({ kind: 'id', id }) as const);
  const answer = await reader.balances(book, refs);
  if (answer.kind === 'refused') throw new FeedError('refused', { refusal: answer.refusal });
  const { value: views, sequence, settledTo } = answer;
  return { views, sequence, settledTo };
}

async function readCustomer(
  { reader, book }: BalanceStream,
  customerId: string,
): Promise<ReadViews> {
  const { value, sequence, settledTo } = await listAccounts(reader, book, { customerId });
  if (value.hasMore) throw new FeedError('accounts_too_many');
  const views = value.items.map((account) => balanceViewOf(account, sequence));
  return { views, sequence, settledTo };
}

async function sealed(
  { book, bookFeed, context }: Pick<BalanceStream, 'book' | 'bookFeed' | 'context'>,
  { views, sequence, settledTo }: ReadViews,
): Promise<Snapshot> {
  const known = knownSeal(bookFeed, sequence);
  const chainHash = known?.chainHash ?? (await context.source.findSeal(book, sequence));
  const seal = chainHash && { sequence, chainHash };
  return { views, settledTo, position: seal === undefined ? { sequence } : { sequence, seal } };
}

function laterOf(a: FeedPosition, b: FeedPosition): FeedPosition {
  return b.sequence >= a.sequence ? b : a;
}
