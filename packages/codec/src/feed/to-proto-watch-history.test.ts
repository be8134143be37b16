// Messages of a stream of events, and their bytes.
import { create, fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import {
  EventSchema,
  FeedPositionSchema,
  TransactionPostedSchema,
  WatchHistoryResponseSchema,
} from '@scrip/contract';
import type { Sequence } from '@scrip/kernel';
import { describe, expect, it } from 'vitest';
import { toProtoFeedPosition } from './to-proto-feed-position.ts';
import { toProtoFeedEvents, toProtoFeedNotice } from './to-proto-watch-history.ts';

const events = [1n, 2n].map((sequence) =>
  create(EventSchema, {
    sequence,
    createdAt: { seconds: 1_700_000_000n, nanos: 5_000_000 },
    change: {
      case: 'transactionPosted',
      value: create(TransactionPostedSchema, {
        transaction: { reference: 'order', metadata: { colour: 'red' } },
      }),
    },
  }),
);
const seal = { sequence: 3 as Sequence, chainHash: new Uint8Array(32).fill(9) };
const position = toProtoFeedPosition({ sequence: 2 as Sequence, seal });
const stored = { eventBytes: events.map((event) => toBinary(EventSchema, event)), position };
const plain = create(WatchHistoryResponseSchema, {
  message: { case: 'events', value: { events, position } },
});

describe('events', () => {
  it('have the bytes of the plain encoding, without being encoded again', () => {
    const message = toProtoFeedEvents(stored, 'binary');
    expect(toBinary(WatchHistoryResponseSchema, message)).toEqual(
      toBinary(WatchHistoryResponseSchema, plain),
    );
  });

  it('are told with the key that is stored with their transaction alone', () => {
    const event = create(EventSchema, {
      sequence: 1n,
      createdAt: { seconds: 1_700_000_000n },
      idempotencyKey: 'order',
      change: {
        case: 'transactionPosted',
        value: create(TransactionPostedSchema, { transaction: { idempotencyKey: 'order' } }),
      },
    });
    const whole = toBinary(EventSchema, event);
    const bytes = toBinary(EventSchema, { ...event, idempotencyKey: '' });
    expect(bytes.length).toBe(whole.length - 'order'.length);
    for (const format of ['binary', 'json'] as const) {
      const told = toProtoFeedEvents({ eventBytes: [bytes], position }, format);
      expect(told).toEqual(toProtoFeedEvents({ eventBytes: [whole], position }, format));
    }
  });

  it('keep stored bytes that the plain encoding would write in another order', () => {
    const [first] = stored.eventBytes;
    const reordered = new Uint8Array([...(first ?? []).slice(2), ...(first ?? []).slice(0, 2)]);
    const message = toProtoFeedEvents({ eventBytes: [reordered], position }, 'binary');
    const bytes = Buffer.from(toBinary(WatchHistoryResponseSchema, message));
    expect(bytes.includes(Buffer.from(reordered))).toBe(true);
    const read = fromBinary(WatchHistoryResponseSchema, bytes);
    expect(read.message).toMatchObject({ value: { events: [events[0]] } });
  });

  it('are whole in JSON, metadata included', () => {
    const message = toProtoFeedEvents(stored, 'json');
    expect(toJson(WatchHistoryResponseSchema, message)).toEqual(
      toJson(WatchHistoryResponseSchema, plain),
    );
  });
});

describe('a position', () => {
  it('has no seal at the beginning of the book', () => {
    const genesis = { sequence: 0 as Sequence, chainHash: new Uint8Array(32).fill(1) };
    const beginning = toProtoFeedPosition({ sequence: 0 as Sequence, seal: genesis });
    expect(beginning).toEqual(create(FeedPositionSchema));
  });

  it.each([
    ['started', 'started'],
    ['caught_up', 'caughtUp'],
    ['fell_behind', 'fellBehind'],
    ['heartbeat', 'heartbeat'],
  ] as const)('is told when the stream has %s', (kind, name) => {
    const { message } = toProtoFeedNotice(kind, position);
    expect(message).toMatchObject({ case: name, value: { position } });
  });
});
