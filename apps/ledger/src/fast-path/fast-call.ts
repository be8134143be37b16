// One call on the fast path, as its handler knows it. What few handlers ask for is made when it is
// asked for.
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { DescMethod, DescService, Message } from '@bufbuild/protobuf';
import type { ContextValues, HandlerContext } from '@connectrpc/connect';
import type { Dialect } from './dialect.ts';
import type { OpenCall } from './open-calls.ts';

/** What its headers said of a call. */
export type AskedCall = {
  readonly route: { readonly kind: 'unary' | 'stream'; readonly method: DescMethod };
  readonly dialect: Dialect;
  readonly authority: string;
  readonly headers: IncomingHttpHeaders;
};

/** What was received of it. */
export type CallParts = {
  readonly values: ContextValues;
  readonly message: Message;
  /** Milliseconds that its caller's deadline leaves it; nothing where none was named. */
  readonly timeoutMs: () => number | undefined;
};

/** A call whose message was read. */
export class FastCall implements HandlerContext {
  readonly requestMethod = 'POST';
  readonly method: DescMethod;
  /** Whether it is answered message by message. */
  readonly stream: boolean;
  readonly values: ContextValues;
  readonly message: Message;
  readonly open: OpenCall;
  readonly timeoutMs: () => number | undefined;
  readonly #asked: AskedCall;
  #responseHeader: Headers | undefined;
  #responseTrailer: Headers | undefined;

  constructor(asked: AskedCall, parts: CallParts, open: OpenCall) {
    this.#asked = asked;
    this.method = asked.route.method;
    this.stream = asked.route.kind === 'stream';
    this.values = parts.values;
    this.message = parts.message;
    this.timeoutMs = parts.timeoutMs;
    this.open = open;
  }

  get contextValues(): ContextValues {
    return this.values;
  }

  get service(): DescService {
    return this.method.parent;
  }

  get protocolName(): string {
    return this.#asked.dialect.protocolName;
  }

  /** Whether its messages are binary; JSON otherwise. */
  get isBinary(): boolean {
    return this.#asked.dialect.isBinary;
  }

  get url(): string {
    return `http://${this.#asked.authority}/${this.service.typeName}/${this.method.name}`;
  }

  get signal(): AbortSignal {
    return this.open.signal;
  }

  /** Made each time: few ask for it, and a stream would keep it for as long as it is open. */
  get requestHeader(): Headers {
    return toWebHeaders(this.#asked.headers);
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

function toWebHeaders(headers: IncomingHttpHeaders): Headers {
  const texts = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !name.startsWith(':') ? [[name, value]] : [],
  );
  return new Headers(texts);
}
