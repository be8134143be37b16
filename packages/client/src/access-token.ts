// Shows access tokens in place of an API key, and gets another when one has expired. Wraps a
// transport; removable.
import type { Transport } from '@connectrpc/connect';
import { unlessAborted } from './pause.ts';
import { isOfLedger, ScripError } from './scrip-error.ts';

/**
 * Gives an access token, fetched from the caller's own server for instance, which mints it with
 * `AdminService.MintAccessToken`. Where it throws, the call fails as `unavailable` and a stream
 * tries again; a `ScripError` that it throws is passed on as it is, and ends a stream unless its
 * code is one that is tried again.
 */
export type AccessTokenProvider = () => string | Promise<string>;

/**
 * Wraps a transport so that calls without an API key carry an access token. The token is kept until
 * the ledger refuses it; whoever needs one meanwhile waits for the same question. A unary call that
 * finds it expired is sent once more with another.
 */
export function withAccessTokens(transport: Transport, provider: AccessTokenProvider): Transport {
  const tokens = keepToken(provider);
  const unary: Transport['unary'] = async (method, signal, ...rest) => {
    const [timeoutMs, header, ...input] = rest;
    if (hasCredential(header)) return transport.unary(method, signal, ...rest);
    for (let isFirst = true; ; isFirst = false) {
      const token = await tokens.get(signal);
      const bearer = bearing(header, token);
      try {
        return await transport.unary(method, signal, timeoutMs, bearer, ...input);
      } catch (thrown) {
        const error = tokens.judge(thrown, token);
        if (error.reason !== 'TOKEN_EXPIRED' || !isFirst) throw error;
      }
    }
  };
  const stream: Transport['stream'] = async (method, signal, ...rest) => {
    const [timeoutMs, header, ...input] = rest;
    if (hasCredential(header)) return transport.stream(method, signal, ...rest);
    const token = await tokens.get(signal);
    const refuse = (thrown: unknown): never => {
      throw tokens.judge(thrown, token);
    };
    const response = await transport
      .stream(method, signal, timeoutMs, bearing(header, token), ...input)
      .catch(refuse);
    return { ...response, message: judged(response.message, refuse) };
  };
  return { unary, stream };
}

/** Whether a provider of access tokens threw it, and so its caller has said what it means. */
export function isOfProvider(error: ScripError): boolean {
  return thrownByProviders.has(error);
}

const thrownByProviders = new WeakSet<ScripError>();

type Tokens = {
  readonly get: (signal: AbortSignal | undefined) => Promise<string>;
  /** Forgets the token where the error says that it is good for nothing any more. */
  readonly judge: (thrown: unknown, token: string) => ScripError;
};

function keepToken(provider: AccessTokenProvider): Tokens {
  let known: string | undefined;
  let asking: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    try {
      known = await provider();
      return known;
    } catch (thrown) {
      throw providerError(thrown);
    } finally {
      asking = undefined;
    }
  };
  return {
    async get(signal) {
      if (known !== undefined) return known;
      // The question may be answered before it is kept here; then there is a token.
      asking ??= Promise.resolve().then(ask);
      return signal === undefined ? asking : unlessAborted(asking, signal);
    },
    judge(thrown, token) {
      const error = ScripError.from(thrown);
      const isRefused = error.code === 'unauthenticated' && isOfLedger(error);
      if (isRefused && known === token) known = undefined;
      return error;
    },
  };
}

function providerError(thrown: unknown): ScripError {
  if (thrown instanceof ScripError) {
    thrownByProviders.add(thrown);
    return thrown;
  }
  return new ScripError('no access token could be got', { code: 'unavailable', cause: thrown });
}

type SentHeader = ConstructorParameters<typeof Headers>[0];

function bearing(header: SentHeader, token: string): Headers {
  const bearer = new Headers(header);
  bearer.set('authorization', `Bearer ${token}`);
  return bearer;
}

function hasCredential(header: SentHeader): boolean {
  const sent = new Headers(header);
  return sent.has('x-api-key') || sent.has('authorization');
}

/** The same messages; what they throw is judged. */
function judged<Message>(
  messages: AsyncIterable<Message>,
  refuse: (thrown: unknown) => never,
): AsyncIterable<Message> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = messages[Symbol.asyncIterator]();
      return { next: () => iterator.next().catch(refuse) };
    },
  };
}
