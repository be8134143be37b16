// One call on the fast path, as interceptors and handlers know calls. What few of them ask for is
// made when it is asked for.
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { DescMethodUnary, DescService, Message } from '@bufbuild/protobuf';
import type {
  ContextValues,
  HandlerContext,
  UnaryRequest,
  UnaryResponse,
} from '@connectrpc/connect';

/** What a call is made of. */
export type FastCallParts = {
  readonly method: DescMethodUnary;
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
export class FastCall implements UnaryRequest, HandlerContext {
  readonly stream = false;
  readonly requestMethod = 'POST';
  readonly service: DescService;
  readonly method: DescMethodUnary;
  readonly protocolName: string;
  readonly message: Message;
  readonly values: ContextValues;
  readonly contextValues: ContextValues;
  readonly timeoutMs: () => number | undefined;
  readonly signal: AbortSignal;
  readonly #parts: FastCallParts;
  #requestHeader: Headers | undefined;
  #responseHeader: Headers | undefined;
  #responseTrailer: Headers | undefined;

  constructor(parts: FastCallParts) {
    this.#parts = parts;
    this.service = parts.method.parent;
    this.method = parts.method;
    this.protocolName = parts.protocolName;
    this.message = parts.message;
    this.values = parts.values;
    this.contextValues = parts.values;
    this.timeoutMs = parts.timeoutMs;
    this.signal = parts.signal;
  }

  get url(): string {
    return `http://${this.#parts.authority}/${this.service.typeName}/${this.method.name}`;
  }

  get header(): Headers {
    return (this.#requestHeader ??= toWebHeaders(this.#parts.headers));
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

  /** The answer as interceptors see it. */
  answer(message: Message): UnaryResponse {
    return new FastAnswer(this, message);
  }
}

class FastAnswer implements UnaryResponse {
  readonly stream = false;
  readonly service: DescService;
  readonly method: DescMethodUnary;
  readonly message: Message;
  readonly #call: FastCall;

  constructor(call: FastCall, message: Message) {
    this.#call = call;
    this.service = call.service;
    this.method = call.method;
    this.message = message;
  }

  get header(): Headers {
    return this.#call.responseHeader;
  }

  get trailer(): Headers {
    return this.#call.responseTrailer;
  }
}

function toWebHeaders(headers: IncomingHttpHeaders): Headers {
  const texts = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !name.startsWith(':') ? [[name, value]] : [],
  );
  return new Headers(texts);
}
