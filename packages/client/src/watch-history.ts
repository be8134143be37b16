// The events of a book, live: each once and in order, over as many connections as it takes.
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Transport } from '@connectrpc/connect';
import {
  FeedPositionSchema,
  LedgerService,
  WatchHistoryRequestSchema,
  type Event,
  type FeedEvents,
  type FeedPosition,
  type WatchHistoryResponse,
} from '@scrip/contract';
import type { ClientDefaults } from './call-options.ts';
import { openStream, silenceMsMaxDefault, type OpenStream } from './open-stream.ts';
import { keepAlive, type OnWatchState } from './reconnect.ts';
import { requestHeader } from './request-header.ts';
import { ScripError } from './scrip-error.ts';
import { iterable, reconnectPolicyOf, type WatchOptions } from './watch-options.ts';

/** Which events, and from where. */
export type HistoryRequest = MessageInitShape<typeof WatchHistoryRequestSchema>;

/** An event, and its place. */
export type HistoryItem = {
  readonly event: Event;
  /** Keep it with what was done about the event: `start: after` goes on behind it, once. */
  readonly position: FeedPosition;
};

/** What a caller may say about a stream of events. */
export type WatchHistoryOptions = WatchOptions & {
  /**
   * Hears of positions that cover no event, so that a listener whom little concerns need not begin
   * far back. All events before it have been taken, and the next one asked for.
   */
  readonly onBookmark?: (position: FeedPosition) => void;
};

type Settings = ClientDefaults & WatchHistoryOptions;

/** Streams events and reconnects. */
export function watchHistory(
  transport: Transport,
  request: HistoryRequest,
  settings: Settings,
): AsyncIterable<HistoryItem> {
  return iterable(
    (signal) => beginHistory(transport, { request, settings, signal }),
    settings.signal,
  );
}

/** One stream as the ledger sends it, message for message, until it breaks. Does not reconnect. */
export function streamHistory(
  transport: Transport,
  request: HistoryRequest,
  settings: Settings,
): AsyncIterable<WatchHistoryResponse> {
  const { signal: outer } = settings;
  return iterable(async function* stream(signal) {
    const open = openHistory(transport, checked(request), settings);
    signal.addEventListener('abort', open.close);
    if (signal.aborted) open.close();
    try {
      for (;;) yield await open.next();
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    } finally {
      signal.removeEventListener('abort', open.close);
      open.close();
    }
  }, outer);
}

type Beginning = {
  readonly request: HistoryRequest;
  readonly settings: Settings;
  readonly signal: AbortSignal;
};

async function* beginHistory(
  transport: Transport,
  { request, settings, signal }: Beginning,
): AsyncGenerator<HistoryItem, void, undefined> {
  const first = checked(request);
  const isWanted = wantedBy(first);
  let last: FeedPosition | undefined;
  const take = (message: WatchHistoryResponse, tell: OnWatchState): Iterable<HistoryItem> => {
    const { position } = message.message.value ?? {};
    last = position ?? last;
    tellState(message, tell);
    if (message.message.case === 'events') return itemsOf(message.message.value).filter(isWanted);
    if (position !== undefined) settings.onBookmark?.(position);
    return [];
  };
  yield* keepAlive(
    {
      open: () => openHistory(transport, resumed(first, last), settings),
      take,
      renewsToken: settings.accessToken !== undefined,
      policy: reconnectPolicyOf(settings),
      onState: settings.onState,
    },
    signal,
  );
}

function openHistory(
  transport: Transport,
  request: HistoryRequest,
  settings: Settings,
): OpenStream<WatchHistoryResponse> {
  const { silenceMsMax = silenceMsMaxDefault } = settings;
  const header = requestHeader(settings);
  const method = LedgerService.method.watchHistory;
  return openStream(transport, { method, request, header, silenceMsMax });
}

/** A request that cannot be written is the caller's bug, and would be so at every try. */
function checked(request: HistoryRequest): HistoryRequest {
  try {
    toBinary(WatchHistoryRequestSchema, create(WatchHistoryRequestSchema, request));
    return request;
  } catch (cause) {
    throw new ScripError('the request cannot be written', { code: 'invalid_argument', cause });
  }
}

/** The request as it goes on behind a position. One that proves nothing is asked for by number. */
function resumed(request: HistoryRequest, last: FeedPosition | undefined): HistoryRequest {
  if (last === undefined) return request;
  const { accounts, customerId, kinds } = create(WatchHistoryRequestSchema, request);
  const filter = { accounts, kinds, ...(customerId === undefined ? {} : { customerId }) };
  const isProof = last.cursor !== '' || last.chainHash.length > 0;
  return isProof
    ? { ...filter, start: { case: 'after', value: last } }
    : { ...filter, start: { case: 'fromSequence', value: last.sequence + 1n } };
}

function tellState({ message }: WatchHistoryResponse, tell: OnWatchState): void {
  if (message.case === 'fellBehind') tell('catching_up');
  if (message.case === 'caughtUp') tell('live');
}

/**
 * A start at an instant that is still to come is resumed behind a position like any other, and then
 * the ledger knows no more of the instant.
 */
function wantedBy(request: HistoryRequest): (item: HistoryItem) => boolean {
  const { start } = create(WatchHistoryRequestSchema, request);
  if (start.case !== 'fromTime') return () => true;
  const sinceMs = timestampMs(start.value);
  return ({ event: { createdAt } }) => createdAt === undefined || timestampMs(createdAt) >= sinceMs;
}

/** Each event with its own sequence, and the seal of the message that it came in. */
function itemsOf(group: FeedEvents): readonly HistoryItem[] {
  const { events, position = create(FeedPositionSchema) } = group;
  return events.map((event, index) =>
    index === events.length - 1
      ? { event, position }
      : { event, position: create(FeedPositionSchema, { ...position, sequence: event.sequence }) },
  );
}
