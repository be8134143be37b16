// A ledger that a test writes down: a history, and connections that break where the test says.
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  createRouterTransport,
  type HandlerContext,
  type Transport,
} from '@connectrpc/connect';
import {
  ErrorDetailSchema,
  ErrorReason,
  LedgerService,
  type FeedPositionSchema,
  type WatchHistoryRequest,
  type WatchHistoryResponseSchema,
} from '@scrip/contract';

type Message = MessageInitShape<typeof WatchHistoryResponseSchema>;
type Position = MessageInitShape<typeof FeedPositionSchema>;

/** How one connection goes: how many messages come through, and what comes then. */
export type Connection = {
  /** Messages before it breaks, `started` included. */
  readonly messages: number;
  /** A code alone is what a proxy answers in the ledger's place. */
  readonly breaks: 'cut' | 'end' | 'reset' | 'silence' | ErrorReasonName | Code;
};

type ErrorReasonName = keyof typeof ErrorReason;

export type ScriptedFeed = {
  readonly transport: Transport;
  /** What was asked, connection by connection. */
  readonly requests: readonly WatchHistoryRequest[];
  /** The tokens and keys that were shown. */
  readonly credentials: readonly string[];
  /** How many connections are open. */
  readonly openCount: () => number;
};

/** A refusal as the ledger sends it. */
export function refusal(reason: ErrorReasonName, code: Code, retrySeconds?: number): ConnectError {
  const seconds = BigInt(retrySeconds ?? 0);
  const retryAfter = retrySeconds === undefined ? {} : { retryAfter: { seconds } };
  const value = { reason: ErrorReason[reason], ...retryAfter };
  return new ConnectError(`refused: ${reason}`, code, {}, [{ desc: ErrorDetailSchema, value }]);
}

/** The position of an event in a group that ends with `sealed`. */
export function positionOf(sequence: number, sealed = sequence): Position {
  if (sequence === 0) return {};
  const chainHash = new Uint8Array(32).fill(sealed % 256);
  return { sequence: BigInt(sequence), sealedSequence: BigInt(sealed), chainHash };
}

/**
 * A book whose history has these groups: `[3, 1]` is the events 1 to 3 in one batch, and event 4.
 * After the connections that are written down one follows that stays.
 */
export function scriptedFeed(
  groups: readonly number[],
  connections: readonly Connection[] = [],
): ScriptedFeed {
  const requests: WatchHistoryRequest[] = [];
  const credentials: string[] = [];
  let openCount = 0;
  async function* watchHistory(
    request: WatchHistoryRequest,
    { signal, requestHeader }: HandlerContext,
  ): AsyncGenerator<Message, void, undefined> {
    const connection = connections[requests.push(request) - 1];
    credentials.push(
      requestHeader.get('authorization') ?? requestHeader.get('x-api-key') ?? 'nothing',
    );
    openCount += 1;
    // Told of the end by the signal, since nobody may ever ask for another message.
    signal.addEventListener('abort', () => (openCount -= 1));
    const messages = messagesAfter(startOf(request, groups), groups);
    const [started] = messages;
    // Before a sequence that is asked for by its number nothing is proved.
    if (request.start.case === 'fromSequence' && started?.message?.case === 'started') {
      started.message.value = { position: { sequence: request.start.value - 1n } };
    }
    yield* messages.slice(0, connection?.messages);
    if (connection === undefined || connection.breaks === 'silence') await aborted(signal);
    else if (connection.breaks !== 'end') throw breakOf(connection.breaks);
  }
  const transport = createRouterTransport(({ service }) =>
    service(LedgerService, { watchHistory }),
  );
  return { transport, requests, credentials, openCount: () => openCount };
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve());
  return promise;
}

const codes: Partial<Record<ErrorReasonName, Code>> = {
  HISTORY_DIVERGED: Code.FailedPrecondition,
  KEY_UNKNOWN: Code.Unauthenticated,
  TOKEN_EXPIRED: Code.Unauthenticated,
  SCOPE_MISSING: Code.PermissionDenied,
  FIELD_INVALID: Code.InvalidArgument,
  CURSOR_INVALID: Code.InvalidArgument,
  ACCOUNT_NOT_FOUND: Code.NotFound,
  WATCHES_FULL: Code.ResourceExhausted,
  UNAVAILABLE: Code.Unavailable,
  DEADLINE_EXCEEDED: Code.DeadlineExceeded,
  INTERNAL: Code.Internal,
};

function breakOf(how: Exclude<Connection['breaks'], 'end' | 'silence'>): ConnectError {
  if (typeof how === 'number') return new ConnectError('no backend', how);
  if (how === 'cut') return new ConnectError('the connection was cut', Code.Unavailable);
  if (how === 'reset') return new ConnectError('the stream was reset', Code.Internal);
  return refusal(how, codes[how] ?? Code.Unknown, how === 'WATCHES_FULL' ? 30 : undefined);
}

/** The last sequence that is not wanted. Refuses a position of another history. */
function startOf({ start }: WatchHistoryRequest, groups: readonly number[]): number {
  const head = groups.reduce((sum, count) => sum + count, 0);
  switch (start.case) {
    case 'after': {
      const { sequence, sealedSequence, chainHash } = start.value;
      const isProved =
        chainHash.length === 32 &&
        chainHash.every((byte) => BigInt(byte) === sealedSequence % 256n);
      if (!isProved || sequence > sealedSequence || sealedSequence > head) {
        throw refusal('HISTORY_DIVERGED', Code.FailedPrecondition);
      }
      return Number(sequence);
    }
    case 'fromSequence':
      return Math.max(Number(start.value) - 1, 0);
    case 'beginning':
    case 'fromTime':
      return 0;
    default:
      return head;
  }
}

/** What a connection says: where it starts, each group, a heartbeat between them, caught up. */
function messagesAfter(after: number, groups: readonly number[]): readonly Message[] {
  const messages: Message[] = [
    { message: { case: 'started', value: { position: positionOf(after) } } },
  ];
  let end = 0;
  for (const count of groups) {
    const first = Math.max(end, after) + 1;
    end += count;
    if (end < first) continue;
    const events = Array.from({ length: end - first + 1 }, (_, index) => ({
      sequence: BigInt(first + index),
      // As many seconds after 1970.
      createdAt: { seconds: BigInt(first + index) },
    }));
    const position = positionOf(end);
    messages.push({ message: { case: 'events', value: { events, position } } });
    messages.push({ message: { case: 'heartbeat', value: { position } } });
  }
  const position = positionOf(Math.max(end, after));
  messages.push({ message: { case: 'caughtUp', value: { position } } });
  return messages;
}
