// Streams of the gateway's `/v1/feed`: positions are ids, and a resume sends the last one back.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  EventKind,
  WatchHistoryResponseSchema,
  type FeedPosition,
  type WatchHistoryRequest,
  type WatchHistoryResponse,
} from '@scrip/contract';
import { fromSentEvent, isSentKind } from './sent-event.ts';
import { readSentEvents, SentFailure, type SentEvent } from './sent-events.ts';
import type { StreamCall, Streams } from './streams.ts';

/** `gatewayOf` gives the address of the gateway beside the ledger of a call. */
export function createEventSourceStreams(
  gatewayOf: (ledgerUrl: string) => string,
): Pick<Streams, 'watchHistory'> {
  return {
    async *watchHistory(request, { url, headers, signal }) {
      const { lastEventId, query } = toQuery(request);
      const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
      const response = await open(`${gatewayOf(url)}/v1/feed?${query.toString()}`, {
        headers: { ...headers, ...resume },
        signal,
      });
      if (response.status !== 200) {
        throw new SentFailure(
          ((await response.json()) as { readonly error: SentEvent['data'] }).error,
        );
      }
      if (response.body === null) throw new ConnectError('There is no body.', Code.Unavailable);
      for await (const sent of untilBroken(readSentEvents(response.body))) yield toMessage(sent);
    },
  };
}

async function open(url: string, init: Pick<StreamCall, 'headers' | 'signal'>): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new ConnectError(String(error), Code.Unavailable);
  }
}

async function* untilBroken(events: AsyncIterable<SentEvent>): AsyncIterable<SentEvent> {
  try {
    yield* events;
  } catch (error) {
    throw new ConnectError(String(error), Code.Unavailable);
  }
  throw new ConnectError('The stream is over.', Code.Unavailable);
}

function toQuery({ accounts, customerId, kinds, start }: WatchHistoryRequest) {
  const query = new URLSearchParams();
  for (const { ref } of accounts) query.append('account_id', ref.value ?? '');
  if (customerId !== undefined) query.set('customer_id', customerId);
  const names = kinds.map((kind) => kindNames.get(kind) ?? '');
  if (names.length > 0) query.set('kinds', names.join(','));
  if (start.case === 'beginning') query.set('from', 'beginning');
  if (start.case === 'fromSequence') query.set('from_sequence', String(start.value));
  if (start.case === 'fromTime') query.set('from_time', timestampDate(start.value).toISOString());
  const lastEventId = start.case === 'after' ? toId(start.value) : undefined;
  return { query, lastEventId };
}

const kindNames = new Map(
  Object.entries(EventKind).map(([name, kind]) => [Number(kind), name.toLowerCase()] as const),
);

const kinds = {
  started: 'started',
  caught_up: 'caughtUp',
  fell_behind: 'fellBehind',
  heartbeat: 'heartbeat',
} as const;

type Message = NonNullable<MessageInitShape<typeof WatchHistoryResponseSchema>['message']>;

function toMessage({ id, event, data }: SentEvent): WatchHistoryResponse {
  if (event === 'ended') throw new SentFailure(data);
  const position = fromId(id);
  const message: Message = isSentKind(event)
    ? { case: 'events', value: { events: [fromSentEvent(event, data)], position } }
    : { case: kinds[event as keyof typeof kinds], value: { position } };
  return create(WatchHistoryResponseSchema, { message });
}

function toId({ cursor, sequence, sealedSequence, chainHash }: FeedPosition): string {
  if (cursor !== '') return cursor;
  if (chainHash.length === 0) return String(sequence);
  return `${sequence}-${sealedSequence}-${Buffer.from(chainHash).toString('base64url')}`;
}

function fromId(id: string) {
  const [, sequence, sealed, hash] = /^(\d+)(?:-(\d+)-([\w-]{43}))?$/.exec(id) ?? [];
  if (sequence === undefined) return { cursor: id };
  if (sealed === undefined || hash === undefined) return { sequence: BigInt(sequence) };
  return {
    sequence: BigInt(sequence),
    sealedSequence: BigInt(sealed),
    chainHash: Uint8Array.from(Buffer.from(hash, 'base64url')),
  };
}
