// Streams of the TypeScript client, which reconnects by itself. It tells events and bookmarks; they
// are given here as messages, the first bookmark as `started`.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { createScripClient } from '@scrip/client/node';
import { ConnectError } from '@connectrpc/connect';
import {
  WatchBalancesResponseSchema,
  WatchHistoryResponseSchema,
  type FeedPosition,
  type WatchHistoryRequest,
  type WatchHistoryResponse,
} from '@scrip/contract';
import { createQueue } from './queue.ts';
import type { StreamCall, Streams } from './streams.ts';

export const clientStreams: Streams = {
  watchHistory: (request, call) => {
    const { items, put, end } = createQueue<WatchHistoryResponse>();
    readHistory(request, call, put).then(
      () => end(call.signal.aborted ? undefined : new ConnectError('The stream is over.')),
      (error: unknown) => end(ConnectError.from((error as Error).cause ?? error)),
    );
    return items;
  },
  async *watchBalances(request, call) {
    const { signal } = call;
    for await (const item of clientOf(call).watchBalances(request, { signal })) {
      const message =
        item.kind === 'balance'
          ? { case: 'balance' as const, value: item.balance }
          : { case: 'snapshotEnd' as const, value: { position: item.position } };
      yield create(WatchBalancesResponseSchema, { message });
    }
  },
};

type Put = (message: WatchHistoryResponse) => void;
type Message = NonNullable<MessageInitShape<typeof WatchHistoryResponseSchema>['message']>;

async function readHistory(request: WatchHistoryRequest, call: StreamCall, put: Put) {
  const tell = (message: Message): void => put(create(WatchHistoryResponseSchema, { message }));
  let isFirst = true;
  const onBookmark = (position: FeedPosition): void => {
    tell({ case: isFirst ? 'started' : 'heartbeat', value: { position } });
    isFirst = false;
  };
  const options = { signal: call.signal, onBookmark };
  for await (const { event, position } of clientOf(call).watchHistory(request, options)) {
    tell({ case: 'events', value: { events: [event], position } });
  }
}

/** A client with the key of the call, or one that asks for tokens when it needs them. */
function clientOf({ url, headers, renew }: StreamCall) {
  const protocol = 'grpc' as const;
  const reconnect = { delayMsMax: 300 };
  return createScripClient(
    'authorization' in headers
      ? { baseUrl: url, protocol, reconnect, accessToken: async () => bearerOf(await renew()) }
      : { baseUrl: url, protocol, reconnect, apiKey: headers['x-api-key'] ?? '' },
  );
}

function bearerOf(headers: StreamCall['headers']): string {
  return (headers['authorization'] ?? '').replace('Bearer ', '');
}
