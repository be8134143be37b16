// The RPCs that stream: history and balances, from the feed to messages.
import type { HandlerContext } from '@connectrpc/connect';
import {
  fromProtoWatchBalancesRequest,
  fromProtoWatchHistoryRequest,
  type HistoryWatch,
} from '@scrip/codec';
import type { WatchBalancesResponse, WatchHistoryResponse } from '@scrip/contract';
import type { Feed, FeedItem, LedgerReader } from '@scrip/engine';
import { present, refuseField } from '@scrip/kernel';
import { bookOf, viewerOf } from '../../call/call-facts.ts';
import { RefusalError } from '../../errors/refusal-error.ts';
import { narrowReader } from '../../view/narrow-reader.ts';
import { createOwnIdsOf } from '../../view/own-accounts.ts';
import type { LedgerRpcs } from '../ledger/ledger-rpcs.ts';
import { valueOf } from '../parsed.ts';
import { createViewerBalanceMessage, wholeBalanceMessage } from './balance-messages.ts';
import type { Cursors } from './cursor.ts';
import { findScope, findViewerScope } from './find-scope.ts';
import { findStart, findViewerStart } from './find-start.ts';
import { createViewerMessages, wholeMessage } from './history-messages.ts';
import type { OpenStreams } from './open-streams.ts';
import { wireFormatOf } from '../wire-format.ts';

/** What the streams stand on. */
export type FeedPorts = {
  readonly feed: Pick<Feed, 'watchHistory' | 'watchBalances'>;
  readonly reader: LedgerReader;
  readonly cursors: Cursors;
  readonly streams: OpenStreams;
  /** Hears what is delivered, for figures. */
  readonly observer?: FeedRpcObserver;
};

export type FeedRpcObserver = {
  readonly onItem: (item: FeedItem) => void;
};

/** Where a call stands: its ports, and itself. */
type Call = FeedPorts & { readonly context: HandlerContext; readonly signal: AbortSignal };

export function feedRpcs(ports: FeedPorts) {
  return {
    watchHistory: (request, context) => {
      const watch = valueOf(fromProtoWatchHistoryRequest(request));
      return stream(ports, context, (call) => historyOf(call, watch));
    },
    watchBalances: (request, context) => {
      const allowsAll = viewerOf(context.values) !== undefined;
      const scope = valueOf(fromProtoWatchBalancesRequest(request, { allowsAll }));
      return stream(ports, context, (call) => balancesOf(call, scope));
    },
  } satisfies Partial<LedgerRpcs>;
}

// What a stream meets after it was told to end is not why it ends.
async function* stream<Message>(
  ports: FeedPorts,
  context: HandlerContext,
  messagesOf: (call: Call) => AsyncIterable<Message>,
): AsyncIterable<Message> {
  const { signal, close } = ports.streams.open(context);
  try {
    yield* messagesOf({ ...ports, context, signal });
    signal.throwIfAborted();
  } catch (thrown) {
    throw signal.aborted ? signal.reason : thrown;
  } finally {
    close();
  }
}

async function* historyOf(call: Call, watch: HistoryWatch): AsyncIterable<WatchHistoryResponse> {
  const { context, feed, reader, cursors, observer, signal } = call;
  const book = bookOf(context.values);
  const viewer = viewerOf(context.values);
  const format = wireFormatOf(context);
  const kinds = present('kinds', watch.kinds);
  if (viewer === undefined) {
    const start = findStart(watch.start);
    const filter = { scope: await findScope(reader, book, watch.scope), ...kinds };
    for await (const item of feed.watchHistory(book, { filter, start }, signal)) {
      observer?.onItem(item);
      yield wholeMessage(item, format);
    }
    return;
  }
  const start = findViewerStart(cursors, book, watch.start);
  const asked = { requested: watch.scope, own: viewer.scope };
  const narrowed = narrowReader(reader, viewer.scope);
  const filter = { scope: await findViewerScope(narrowed, book, asked), ...kinds };
  const ownIdsOf = createOwnIdsOf(reader, book, viewer.scope);
  const messagesOf = createViewerMessages({ book, cursors, ownIdsOf, format });
  for await (const item of feed.watchHistory(book, { filter, start }, signal)) {
    observer?.onItem(item);
    yield* messagesOf(item);
  }
}

async function* balancesOf(
  call: Call,
  requested: HistoryWatch['scope'],
): AsyncIterable<WatchBalancesResponse> {
  const { context, feed, reader, cursors, signal } = call;
  const book = bookOf(context.values);
  const viewer = viewerOf(context.values);
  const scope =
    viewer === undefined
      ? await findScope(reader, book, requested)
      : await findViewerScope(narrowReader(reader, viewer.scope), book, {
          requested,
          own: viewer.scope,
        });
  if (scope.kind === 'book') throw new RefusalError(refuseField('accounts', 'is required'));
  const messageOf =
    viewer === undefined ? wholeBalanceMessage : createViewerBalanceMessage(cursors, book);
  for await (const item of feed.watchBalances(book, scope, signal)) yield messageOf(item);
}
