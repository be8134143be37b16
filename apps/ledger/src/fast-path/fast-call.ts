// One call on the fast path, as interceptors and handlers know calls. What few of them ask for is
// made when it is asked for.
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type {
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  Message,
} from '@bufbuild/protobuf';
import type {
  ContextValues,
  HandlerContext,
  StreamRequest,
  StreamResponse,
  UnaryRequest,
  UnaryResponse,
} from '@connectrpc/connect';

/** What a call is made of. */
export type CallParts = {
  readonly protocolName: string;
  readonly authority: string;
  readonly headers: IncomingHttpHeaders;
  readonly values: ContextValues;
  readonly message: Message;
  /** Milliseconds that its caller's deadline leaves it; nothing where none was named. */
  readonly timeoutMs: () => number | undefined;
  readonly signal: AbortSignal;
};

/** Request and context in one: what interceptors pass on is what handlers are called with. */
abstract class Call<Method extends DescMethod> {
  readonly requestMethod = 'POST';
  readonly service: DescService;
  readonly method: Method;
  readonly protocolName: string;
  readonly values: ContextValues;
  readonly contextValues: ContextValues;
  readonly timeoutMs: () => number | undefined;
  readonly signal: AbortSignal;
  readonly #authority: string;
  readonly #headers: IncomingHttpHeaders;
  #responseHeader: Headers | undefined;
  #responseTrailer: Headers | undefined;

  constructor(method: Method, parts: CallParts) {
    this.#authority = parts.authority;
    this.#headers = parts.headers;
    this.service = method.parent;
    this.method = method;
    this.protocolName = parts.protocolName;
    this.values = parts.values;
    this.contextValues = parts.values;
    this.timeoutMs = parts.timeoutMs;
    this.signal = parts.signal;
  }

  get url(): string {
    return `http://${this.#authority}/${this.service.typeName}/${this.method.name}`;
  }

  /** Made each time: few ask for it, and a stream would keep it for as long as it is open. */
  get header(): Headers {
    return toWebHeaders(this.#headers);
  }

  get requestHeader(): Headers {
    return this.header;
  }

  get responseHeader(): Headers {
    return (this.#responseHeader ??= new Headers());
  }

  /** Nothing sends it: no handler of the ledger has trailers of its own. */
  get responseTrailer(): Headers {
    return (this.#responseTrailer ??= new Headers());
  }

  /** The headers that the handler set. */
  get headersSet(): OutgoingHttpHeaders | undefined {
    return this.#responseHeader && Object.fromEntries(this.#responseHeader);
  }
}

/** A call that is answered at once. */
export class UnaryCall extends Call<DescMethodUnary> implements UnaryRequest, HandlerContext {
  readonly stream = false;
  readonly message: Message;

  constructor(method: DescMethodUnary, parts: CallParts) {
    super(method, parts);
    this.message = parts.message;
  }

  /** The answer as interceptors see it. */
  answer(message: Message): UnaryResponse {
    return new UnaryAnswer(this, message);
  }
}

/** A call that is answered message by message, on one message. */
export class StreamCall
  extends Call<DescMethodServerStreaming>
  implements StreamRequest, HandlerContext
{
  readonly stream = true;
  /** The one message that the caller sent. */
  readonly asked: Message;

  constructor(method: DescMethodServerStreaming, parts: CallParts) {
    super(method, parts);
    this.asked = parts.message;
  }

  get message(): AsyncIterable<Message> {
    return onlyThis(this.asked);
  }

  /** The answer as interceptors see it. */
  answer(message: AsyncIterable<Message>): StreamResponse {
    return new StreamAnswer(this, message);
  }
}

abstract class CallAnswer<Method extends DescMethod> {
  readonly service: DescService;
  readonly method: Method;
  readonly #call: Call<Method>;

  constructor(call: Call<Method>) {
    this.#call = call;
    this.service = call.service;
    this.method = call.method;
  }

  get header(): Headers {
    return this.#call.responseHeader;
  }

  get trailer(): Headers {
    return this.#call.responseTrailer;
  }
}

class UnaryAnswer extends CallAnswer<DescMethodUnary> implements UnaryResponse {
  readonly stream = false;
  readonly message: Message;

  constructor(call: UnaryCall, message: Message) {
    super(call);
    this.message = message;
  }
}

class StreamAnswer extends CallAnswer<DescMethodServerStreaming> implements StreamResponse {
  readonly stream = true;
  readonly message: AsyncIterable<Message>;

  constructor(call: StreamCall, message: AsyncIterable<Message>) {
    super(call);
    this.message = message;
  }
}

async function* onlyThis(message: Message): AsyncIterable<Message> {
  yield message;
}

function toWebHeaders(headers: IncomingHttpHeaders): Headers {
  const texts = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !name.startsWith(':') ? [[name, value]] : [],
  );
  return new Headers(texts);
}
