// Answers one plain call: key, body, message, handler, answer; in the order of the router.
import type { OutgoingHttpHeaders } from 'node:http';
import type { Message } from '@bufbuild/protobuf';
import { ConnectError, createContextValues, type ContextValues } from '@connectrpc/connect';
import type { Clock, Log } from '@scrip/runtime';
import { requestIdKey } from '../call/call-facts.ts';
import type { WatchCall } from '../call/watch-call.ts';
import { toConnectError } from '../errors/to-connect-error.ts';
import type { Authenticate } from '../interceptors/authenticate.ts';
import { requestIdHeader } from '../interceptors/request-id.ts';
import type { Admission } from './admit.ts';
import type { Outcome } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { FastCall } from './fast-call.ts';
import type { OpenCalls } from './open-calls.ts';
import { readBody, type Body } from './read-body.ts';

export type AnswerCallOptions = {
  readonly log: Log;
  readonly clock: Clock;
  readonly beginCall: WatchCall;
  readonly authenticate: Authenticate;
  readonly openCalls: OpenCalls;
  readonly messageBytesMax: number;
  /** What every answer says to the browser of a page of this origin, if any. */
  readonly answerHeadersOf: (origin: string | undefined) => Readonly<Record<string, string>>;
};

/** The frame of a message in gRPC. */
const frameBytesMax = 5;
const nothing = Buffer.alloc(0);

/** Answers a call, or hands it over. Never throws. */
export type AnswerCall = (exchange: Exchange, admission: Admission) => void;

/** Makes what answers the calls that were admitted. */
export function createAnswerCall(options: AnswerCallOptions): AnswerCall {
  return (exchange, admission) => {
    answer(options, exchange, admission).catch((err: unknown) => {
      options.log.error({ err }, 'a bug: a call was not answered');
      exchange.source.destroy();
    });
  };
}

async function answer(
  options: AnswerCallOptions,
  exchange: Exchange,
  admission: Admission,
): Promise<void> {
  const { beginCall, authenticate, messageBytesMax } = options;
  const { route, dialect, header } = admission;
  const { method } = route;
  const values = createContextValues();
  const { protocolName } = dialect;
  const arrival = { service: method.parent, method, protocolName, header, values };
  const leftMs = countDown(options.clock, admission.timeoutMs);
  const end = beginCall(arrival);
  try {
    await authenticate(arrival);
  } catch {
    // The router refuses it in the same way, and begins it anew: this beginning is forgotten.
    exchange.handOver({ values });
    return;
  }
  const body = await readBody(exchange.source, messageBytesMax + frameBytesMax);

  if (body.kind === 'gone') {
    end(options.openCalls.cutOffReason());
    return;
  }
  const message = readMessage(body, admission, messageBytesMax);
  if (message === undefined) {
    const { chunks, kind } = body;
    exchange.handOver({ values, readBefore: { chunks, isWhole: kind === 'whole' } });
    return;
  }
  const handled = await handle(options, { exchange, admission, values, message, leftMs });
  end(handled.outcome.kind === 'error' ? handled.outcome.error : undefined);
  const presented = dialect.present({ ...handled, compression: admission.compression });
  exchange.send(presented instanceof Promise ? await presented : presented);
}

/** The milliseconds that are left of the caller's time; nothing where it named none. */
function countDown({ nowMs }: Clock, timeoutMs: number | undefined): () => number | undefined {
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

type Handling = {
  readonly exchange: Exchange;
  readonly admission: Admission;
  readonly values: ContextValues;
  readonly message: Message;
  readonly leftMs: () => number | undefined;
};

type Handled = { readonly outcome: Outcome; readonly headers: OutgoingHttpHeaders };

async function handle(options: AnswerCallOptions, handling: Handling): Promise<Handled> {
  const { exchange, admission, values, message, leftMs: timeoutMs } = handling;
  const { route, dialect, authority, headers } = admission;
  const open = options.openCalls.open({
    onGone: exchange.onGone,
    leftMs: timeoutMs(),
  });
  const call = new FastCall({
    method: route.method,
    protocolName: dialect.protocolName,
    authority,
    headers,
    values,
    message,
    timeoutMs,
    signal: open.signal,
  });
  const outcome = await outcomeOf(options.log, call, admission);
  open.close();
  const told = {
    [requestIdHeader]: values.get(requestIdKey),
    ...options.answerHeadersOf(headers.origin),
    ...call.headersSet,
  };
  return { outcome, headers: told };
}

async function outcomeOf(
  log: Log,
  call: FastCall,
  { route, dialect }: Admission,
): Promise<Outcome> {
  let message: Message;
  try {
    message = await route.handle(call);
  } catch (thrown) {
    return { kind: 'error', error: ConnectError.from(thrown) };
  }
  try {
    return { kind: 'message', bytes: route.write(message, dialect.isBinary) };
  } catch (err) {
    log.error({ request_id: call.values.get(requestIdKey), err }, 'a bug');
    return { kind: 'error', error: toConnectError(err).error };
  }
}
