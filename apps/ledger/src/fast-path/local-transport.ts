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
  ConnectError,
  createContextValues,
  type Transport,
  type UnaryResponse,
} from '@connectrpc/connect';
import { codeFromHttpStatus, errorFromJsonBytes } from '@connectrpc/connect/protocol-connect';
import type { UnaryAdmission } from './admit.ts';
import type { Answer } from './answer.ts';
import { answerUnary } from './answer-unary.ts';
import { connectDialect } from './connect-dialect.ts';
import type { FastPathOptions } from './fast-path.ts';
import { countDown, letsIn, type ReceivedCall } from './receive-call.ts';
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
 * streams, other methods, callers who are refused, messages and deadlines that are too long.
 */
export function createLocalTransport(served: FastPathOptions, router: Transport): Transport {
  // No browser is told anything here.
  const options = { ...served, answerHeadersOf: () => ({}) };
  const routes = new Map<DescMethod, UnaryRoute>();
  for (const route of options.routesByPath.values()) {
    if (route.kind === 'unary') routes.set(route.method, route);
  }
  return {
    stream: (...asked) => router.stream(...asked),
    unary: async (...call) => {
      const [method, signal] = call;
      const asked = plainOf(options, routes.get(method), call);
      const received = asked && (await receive(options, asked));
      if (asked === undefined || received === undefined) return router.unary(...call);
      return responseOf(method, await ask(options, { ...asked, received, signal }));
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

/** Begins a call; nothing where its caller is not let in, which the router says in the same way. */
async function receive(
  options: FastPathOptions,
  { route, bytes, header, timeoutMs }: Asked,
): Promise<ReceivedCall | undefined> {
  const { method } = route;
  const values = createContextValues();
  const { protocolName } = dialect;
  const arrival = { service: method.parent, method, protocolName, header, values };
  const left = countDown(options.clock, timeoutMs);
  const end = options.beginCall(arrival);
  const isLetIn = letsIn(options.authenticate, arrival);
  const message = route.read(bytes, dialect.isBinary);
  if (message === undefined || (isLetIn !== true && !(await isLetIn))) return undefined;
  return { values, message, timeoutMs: left, end };
}

type Asking = Asked & {
  readonly received: ReceivedCall;
  readonly signal: AbortSignal | undefined;
};

function ask(options: FastPathOptions, asking: Asking): Promise<Answer> {
  const { route, header, timeoutMs, received, signal } = asking;
  const headers = Object.fromEntries(header);
  const plain = { kind: 'unary', dialect, authority, compression: null } as const;
  const admission: UnaryAdmission = { ...plain, route, headers, header, timeoutMs };
  let leave = (): void => undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const exchange = {
    onGone: (told: () => void): void => {
      leave = told;
      if (signal?.aborted === true) leave();
      else signal?.addEventListener('abort', leave);
    },
    send: resolve,
  };
  answerUnary(options, { exchange, admission, received }).catch(reject);
  // A signal may outlive many calls.
  return promise.finally(() => signal?.removeEventListener('abort', leave));
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
