// What a stream of events is told, as messages: whole to an API key, redacted to an access token.
import {
  eventCodec,
  toProtoFeedEvents,
  toProtoFeedNotice,
  toProtoFeedPosition,
  type WireFormat,
} from '@scrip/codec';
import { FeedPositionSchema, type WatchHistoryResponse } from '@scrip/contract';
import type { Book, FeedEvents, FeedItem, FeedPosition } from '@scrip/engine';
import { accountIdsOf } from '@scrip/kernel';
import { create } from '@bufbuild/protobuf';
import { redactEvent } from '../../view/redact-event.ts';
import type { OwnIdsOf } from '../../view/own-accounts.ts';
import type { Cursors } from './cursor.ts';

/** The messages of an item, in order. */
export type HistoryMessages = (item: FeedItem) => AsyncIterable<WatchHistoryResponse>;

/** Messages that many streams share: made once, as long as the events are kept. */
const sharedMessages: Readonly<Record<WireFormat, WeakMap<FeedEvents, WatchHistoryResponse>>> = {
  binary: new WeakMap(),
  json: new WeakMap(),
};

/** The message of an item as an API key is told it. Equal streams get the same object. */
export function wholeMessage(item: FeedItem, format: WireFormat): WatchHistoryResponse {
  if (item.kind !== 'events') {
    return toProtoFeedNotice(item.kind, toProtoFeedPosition(item.position));
  }
  const shared = sharedMessages[format].get(item);
  if (shared !== undefined) return shared;
  const eventBytes = item.events.map(({ bytes }) => bytes);
  const position = toProtoFeedPosition(item.position);
  const message = toProtoFeedEvents({ eventBytes, position }, format);
  sharedMessages[format].set(item, message);
  return message;
}

export type ViewerOptions = {
  readonly book: Book;
  readonly cursors: Cursors;
  readonly ownIdsOf: OwnIdsOf;
  readonly format: WireFormat;
};

/** Makes the messages of one access token: an event each, and cursors in place of positions. */
export function createViewerMessages({
  book,
  cursors,
  ownIdsOf,
  format,
}: ViewerOptions): HistoryMessages {
  const cursorOf = (position: FeedPosition) =>
    create(FeedPositionSchema, { cursor: cursors.seal(book, position) });
  return async function* (item) {
    if (item.kind !== 'events') {
      yield toProtoFeedNotice(item.kind, cursorOf(item.position));
      return;
    }
    for (const { event, sequence } of item.events) {
      const own = await ownIdsOf(event);
      if (!accountIdsOf(event).some((id) => own.has(id))) continue;
      const position = cursorOf({ ...item.position, sequence });
      const eventBytes = [eventCodec.encode(redactEvent(event, own))];
      yield toProtoFeedEvents({ eventBytes, position }, format);
    }
  };
}
