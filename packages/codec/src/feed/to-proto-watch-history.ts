// What a stream of events is told, as messages.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import {
  EventSchema,
  FeedCaughtUpSchema,
  FeedEventsSchema,
  FeedFellBehindSchema,
  FeedHeartbeatSchema,
  FeedPositionSchema,
  FeedStartedSchema,
  WatchHistoryResponseSchema,
  type FeedPosition,
  type WatchHistoryResponse,
} from '@scrip/contract';
import type { FeedItem } from '@scrip/engine';
import { toldBytes, writeTold } from '../event/told-bytes.ts';

/** How a stream is encoded. */
export type WireFormat = 'binary' | 'json';

/** Events as they are stored, with the position of the last. */
export type StoredEvents = {
  readonly eventBytes: readonly Uint8Array[];
  readonly position: FeedPosition;
};

/** The message of events. In the binary format their bytes are put in without being decoded. */
export function toProtoFeedEvents(events: StoredEvents, format: WireFormat): WatchHistoryResponse {
  return format === 'binary' ? embedEvents(events) : decodeEvents(events);
}

/** The message of everything else that a stream is told. */
export function toProtoFeedNotice(
  kind: Exclude<FeedItem['kind'], 'events'>,
  position: FeedPosition,
): WatchHistoryResponse {
  return create(WatchHistoryResponseSchema, { message: noticeOf(kind, position) });
}

function noticeOf(
  kind: Exclude<FeedItem['kind'], 'events'>,
  position: FeedPosition,
): WatchHistoryResponse['message'] {
  switch (kind) {
    case 'started':
      return { case: 'started', value: create(FeedStartedSchema, { position }) };
    case 'caught_up':
      return { case: 'caughtUp', value: create(FeedCaughtUpSchema, { position }) };
    case 'fell_behind':
      return { case: 'fellBehind', value: create(FeedFellBehindSchema, { position }) };
    case 'heartbeat':
      return { case: 'heartbeat', value: create(FeedHeartbeatSchema, { position }) };
  }
}

// The library writes an unknown field as it is. The whole of FeedEvents is one, so that a message
// which many streams share is encoded once and then copied.
function embedEvents({ eventBytes, position }: StoredEvents): WatchHistoryResponse {
  const { events: eventsField, position: positionField } = FeedEventsSchema.field;
  const events = new BinaryWriter();
  for (const bytes of eventBytes) {
    events.tag(eventsField.number, WireType.LengthDelimited).fork();
    writeTold(events, bytes);
    events.join();
  }
  const positionBytes = toBinary(FeedPositionSchema, position);
  events.tag(positionField.number, WireType.LengthDelimited).bytes(positionBytes);
  const message = create(WatchHistoryResponseSchema);
  message.$unknown = [
    {
      no: WatchHistoryResponseSchema.field.events.number,
      wireType: WireType.LengthDelimited,
      data: new BinaryWriter().bytes(events.finish()).finish(),
    },
  ];
  return message;
}

function decodeEvents({ eventBytes, position }: StoredEvents): WatchHistoryResponse {
  const events = eventBytes.map((bytes) => fromBinary(EventSchema, toldBytes(bytes)));
  const value = create(FeedEventsSchema, { events, position });
  return create(WatchHistoryResponseSchema, { message: { case: 'events', value } });
}
