// One stream of the ledger, until it breaks: one that fell silent counts as broken.
import type {
  DescMessage,
  DescMethodServerStreaming,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import { unlessAborted } from './pause.ts';
import { ScripError } from './scrip-error.ts';

export type StreamCall<Input extends DescMessage, Output extends DescMessage> = {
  readonly method: DescMethodServerStreaming<Input, Output>;
  readonly request: MessageInitShape<Input>;
  readonly header: Headers;
  /** How long to wait for the next message before the connection counts as dead. */
  readonly silenceMsMax: number;
};

/** A stream that is open, or being opened. */
export type OpenStream<Message> = {
  /**
   * Waits for the next message. Throws a `ScripError` when there is none: because the ledger
   * refused, because the stream broke or ended (`unavailable`), or fell silent (`unavailable`).
   */
  readonly next: () => Promise<Message>;
  /** Ends it at once: the connection, and whoever waits. */
  readonly close: () => void;
};

/** The ledger sends a heartbeat every 15 seconds, so this is two of them missed, and some. */
export const silenceMsMaxDefault = 40_000;

/** Opens a stream. Nothing of it is left once it is closed. */
export function openStream<Input extends DescMessage, Output extends DescMessage>(
  transport: Transport,
  { method, request, header, silenceMsMax }: StreamCall<Input, Output>,
): OpenStream<MessageShape<Output>> {
  const ended = new AbortController();
  const opening = transport.stream(method, ended.signal, undefined, header, once(request));
  const iterating = opening.then(({ message }) => message[Symbol.asyncIterator]());
  // A stream that is closed before anybody has read is no news.
  iterating.catch(() => undefined);
  const read = async (): Promise<MessageShape<Output>> => {
    const result = await (await iterating).next();
    if (result.done === true) throw broken('the ledger has ended the stream');
    return result.value;
  };
  return {
    next: () => unlessSilent(unlessAborted(read(), ended.signal), silenceMsMax),
    close: () => ended.abort(),
  };
}

async function unlessSilent<T>(step: Promise<T>, silenceMsMax: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const silent = (): void => reject(broken('the stream has fallen silent'));
  const timer = setTimeout(silent, silenceMsMax);
  try {
    return await Promise.race([step, promise]);
  } catch (thrown) {
    throw ScripError.from(thrown);
  } finally {
    clearTimeout(timer);
  }
}

function broken(message: string): ScripError {
  return new ScripError(message, { code: 'unavailable', cause: undefined });
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}
