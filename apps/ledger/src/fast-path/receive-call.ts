// The beginning of each call on the fast path: key, body, message; in the order of the router.
import type { Message } from '@bufbuild/protobuf';
import { createContextValues, type ContextValues } from '@connectrpc/connect';
import type { Clock } from '@scrip/runtime';
import type { EndOfCall, WatchCall } from '../call/watch-call.ts';
import type { Arrival, Authenticate } from '../interceptors/authenticate.ts';
import type { Admission } from './admit.ts';
import type { Exchange } from './exchange.ts';
import type { OpenCalls } from './open-calls.ts';
import type { Body } from './read-body.ts';

export type ReceiveOptions = {
  readonly clock: Clock;
  readonly beginCall: WatchCall;
  readonly authenticate: Authenticate;
  readonly openCalls: OpenCalls;
  readonly messageBytesMax: number;
};

/** A call whose caller is known and whose message was read. */
export type ReceivedCall = {
  readonly values: ContextValues;
  readonly message: Message;
  /** What is left of the time that the caller gives; nothing where it named none. */
  readonly timeoutMs: () => number | undefined;
  /** Tells those who watch calls that this one has ended. */
  readonly end: EndOfCall;
};

/** The frame of a message in gRPC. */
const frameBytesMax = 5;
const nothing = Buffer.alloc(0);

/** Receives a call; nothing where it was handed over to the router, or its caller has gone. */
export async function receiveCall(
  options: ReceiveOptions,
  exchange: Exchange,
  admission: Admission,
): Promise<ReceivedCall | undefined> {
  const { beginCall, authenticate, messageBytesMax } = options;
  const { route, dialect, header } = admission;
  const { method } = route;
  const values = createContextValues();
  const { protocolName } = dialect;
  const arrival = { service: method.parent, method, protocolName, header, values };
  const timeoutMs = countDown(options.clock, admission.timeoutMs);
  const end = beginCall(arrival);
  const isLetIn = letsIn(authenticate, arrival);
  if (isLetIn !== true && !(await isLetIn)) {
    // The router refuses it in the same way, and begins it anew: this beginning is forgotten.
    exchange.handOver({ values });
    return undefined;
  }
  const body = await exchange.readBody(messageBytesMax + frameBytesMax);
  // Node ends the body of a stream that is reset: a part of a message may be one by itself.
  if (body.kind === 'gone' || exchange.isGone()) {
    end(options.openCalls.cutOffReason());
    return undefined;
  }
  const message = readMessage(body, admission, messageBytesMax);
  // A body may be long in coming.
  const isStill = message !== undefined && letsIn(authenticate, arrival);
  if (message === undefined || (isStill !== true && !(await isStill))) {
    const { chunks, kind } = body;
    exchange.handOver({ values, readBefore: { chunks, isWhole: kind === 'whole' } });
    return undefined;
  }
  return { values, message, timeoutMs, end };
}

/** Whether a call is let in. Why not, its values tell the router. */
function letsIn(authenticate: Authenticate, arrival: Arrival): boolean | Promise<boolean> {
  try {
    const judged = authenticate(arrival);
    return judged === undefined ? true : judged.then(yes, no);
  } catch {
    return false;
  }
}

const yes = (): boolean => true;
const no = (): boolean => false;

/** The milliseconds that are left of the caller's time; nothing where it named none. */
export function countDown(
  { nowMs }: Clock,
  timeoutMs: number | undefined,
): () => number | undefined {
  if (timeoutMs === undefined) return () => undefined;
  const deadlineAtMs = nowMs() + timeoutMs;
  return () => deadlineAtMs - nowMs();
}

function readMessage(
  { kind, chunks }: Exclude<Body, { kind: 'gone' }>,
  { route, dialect }: Admission,
  bytesMax: number,
): Message | undefined {
  if (kind === 'too_long') return undefined;
  const [first = nothing] = chunks;
  const bytes = dialect.messageOf(chunks.length > 1 ? Buffer.concat(chunks) : first);
  if (bytes === undefined || bytes.byteLength > bytesMax) return undefined;
  return route.read(bytes, dialect.isBinary);
}
