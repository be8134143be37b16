// Calls from within the process: the fast path without a connection. Requests and answers are the
// bytes that Connect would send, so that callers are told exactly what they would be told there.
import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  createContextValues,
  type Transport,
  type UnaryResponse,
} from '@connectrpc/connect';
import { codeFromHttpStatus, errorFromJsonBytes } from '@connectrpc/connect/protocol-connect';
import { assert } from '@scrip/kernel';
import { requestIdKey } from '../call/call-facts.ts';
import { toConnectError } from '../errors/to-connect-error.ts';
import type { Arrival } from '../interceptors/authenticate.ts';
import type { AfterTurn } from './after-turn.ts';
import type { Answer, Outcome } from './answer.ts';
import { endCall } from './answer-unary.ts';
import { connectDialect } from './connect-dialect.ts';
import { FastCall } from './fast-call.ts';
import type { FastPathOptions } from './fast-path.ts';
import { countDown } from './receive-call.ts';
import type { UnaryRoute } from './unary-routes.ts';

const dialect = connectDialect('application/proto');
const authority = 'in-memory';

/** A call as a transport is asked for it. */
type Asked = {
  readonly route: UnaryRoute;
  readonly bytes: Uint8Array;
  readonly header: Headers;
  readonly timeoutMs: number | undefined;
};

/**
 * A transport to the unary methods of the fast path. What these do not take goes to the router:
 * streams, other methods, messages and deadlines that are too long.
 */
export function createLocalTransport(served: FastPathOptions, router: Transport): Transport {
  // No browser is told anything here, and an answer is with its caller as soon as it is made.
  const atOnce: AfterTurn = (work) => work();
  const options = { ...served, answerHeadersOf: () => ({}), afterTurn: atOnce };
  const routes = new Map<DescMethod, UnaryRoute>();
  for (const route of options.routesByPath.values()) {
    if (route.kind === 'unary') routes.set(route.method, route);
  }
  return {
    stream: (...asked) => router.stream(...asked),
    unary: async (...call) => {
      const [method, signal] = call;
      const asked = plainOf(options, routes.get(method), call);
      if (asked === undefined) return router.unary(...call);
      const answer = await ask(options, asked, signal);
      if (answer.status === 200 || signal?.aborted !== true) return responseOf(method, answer);
      // Why it left, its caller knows best.
      throw ConnectError.from(signal.reason, Code.Canceled);
    },
  };
}

/** A call that is plain; nothing where the router has to judge it, or to say what is wrong. */
function plainOf(
  { messageBytesMax, timeoutMsMax }: FastPathOptions,
  route: UnaryRoute | undefined,
  [method, , timeoutMs, header, input]: Parameters<Transport['unary']>,
): Asked | undefined {
  if (route === undefined) return undefined;
  if (timeoutMs !== undefined && !isWithin(timeoutMs, timeoutMsMax)) return undefined;
  const bytes = bytesOf(method.input, input);
  if (bytes === undefined || bytes.byteLength > messageBytesMax) return undefined;
  return { route, bytes, header: new Headers(header as SentHeader), timeoutMs };
}

type SentHeader = ConstructorParameters<typeof Headers>[0];

function isWithin(timeoutMs: number, timeoutMsMax: number): boolean {
  return Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= timeoutMsMax;
}

/** The bytes of a request; nothing where it cannot be one. */
function bytesOf(
  schema: DescMessage,
  input: MessageInitShape<DescMessage>,
): Uint8Array | undefined {
  try {
    return toBinary(schema, create(schema, input));
  } catch {
    return undefined;
  }
}

async function ask(
  options: FastPathOptions,
  { route, bytes, header, timeoutMs }: Asked,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { method } = route;
  const values = createContextValues();
  const { protocolName } = dialect;
  const arrival = { service: method.parent, method, protocolName, header, values };
  const end = options.beginCall(arrival);
  const message = route.read(bytes, dialect.isBinary);
  assert(message !== undefined, 'what was encoded can be read');
  const asked = { route, dialect, authority, headers: Object.fromEntries(header) };
  const left = countDown(options.clock, timeoutMs);
  const leaving = watchLeaving(signal);
  const open = options.openCalls.open(leaving, timeoutMs);
  const call = new FastCall(asked, { values, message, timeoutMs: left }, open);
  try {
    const outcome = (await refusalOf(options, call, arrival)) ?? (await route.handle(call));
    const admission = { headers: asked.headers, dialect, compression: null };
    return await endCall(options, { call, outcome, admission, end });
  } finally {
    leaving.stop();
  }
}

/** Why a caller is not let in; nothing where it is. */
async function refusalOf(
  { authenticate, log }: FastPathOptions,
  { open, values }: FastCall,
  arrival: Arrival,
): Promise<Outcome | undefined> {
  try {
    await open.orEnd(async () => authenticate(arrival));
    return undefined;
  } catch (thrown) {
    const { error, isBug } = toConnectError(thrown);
    const request_id = values.get(requestIdKey);
    if (isBug) log.error({ request_id, err: thrown }, 'a key was not judged');
    return { kind: 'error', error };
  }
}

/** Tells when the signal of a caller is aborted. It may outlive many calls. */
function watchLeaving(signal: AbortSignal | undefined) {
  let leave = (): void => undefined;
  return {
    onGone: (told: (reason?: unknown) => void): void => {
      leave = () => told(whyLeft(signal?.reason));
      if (signal?.aborted === true) leave();
      else signal?.addEventListener('abort', leave);
    },
    stop: () => signal?.removeEventListener('abort', leave),
  };
}

/** A caller whose own time was over leaves at its deadline. */
function whyLeft(reason: unknown): unknown {
  const isLate = reason instanceof Error && reason.name === 'TimeoutError';
  return isLate ? new ConnectError(reason.message, Code.DeadlineExceeded) : reason;
}

function responseOf<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  { status, headers, body }: Answer,
): UnaryResponse<I, O> {
  const header = new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  if (status !== 200) {
    const unread = new ConnectError(`HTTP ${status}`, codeFromHttpStatus(status));
    throw errorFromJsonBytes(body, header, unread);
  }
  const message = fromBinary(method.output, body);
  const trailer = new Headers();
  return { stream: false, service: method.parent, method, header, message, trailer };
}
