// The client: one function for every unary call of LedgerService, made from its description.
import type { DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import { LedgerService } from '@scrip/contract';
import type { CallOptions, ClientDefaults } from './call-options.ts';
import { timeoutMsDefault } from './call-options.ts';
import { withRetries } from './retry.ts';
import { ScripError } from './scrip-error.ts';

type Methods = typeof LedgerService.method;

/**
 * The ledger's unary calls. What each promises and refuses is said in `ledger_service.proto`. Every
 * call that does not succeed throws a `ScripError`. Amounts are decimal strings, both ways.
 */
export type ScripClient = {
  readonly [Name in keyof Methods]: (
    request: MessageInitShape<Methods[Name]['input']>,
    options?: CallOptions,
  ) => Promise<MessageShape<Methods[Name]['output']>>;
};

/** Makes the client over a transport. */
export function buildClient(transport: Transport, defaults: ClientDefaults): ScripClient {
  const { retry = {} } = defaults;
  const retrying = retry === false ? transport : withRetries(transport, retry);
  const calls = Object.entries(LedgerService.method).map(([name, method]) => [
    name,
    (request: MessageInitShape<typeof method.input>, options: CallOptions = {}) =>
      callUnary(retrying, { method, request, options: { ...defaults, ...options } }),
  ]);
  return Object.fromEntries(calls) as ScripClient;
}

type Call = {
  readonly method: DescMethodUnary;
  readonly request: MessageInitShape<DescMethodUnary['input']>;
  readonly options: CallOptions;
};

async function callUnary(transport: Transport, call: Call): Promise<unknown> {
  const { method, request, options } = call;
  const { timeoutMs = timeoutMsDefault, onHeader } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([deadline, ...(options.signal ? [options.signal] : [])]);
  const header = requestHeader(options);
  try {
    const response = await transport.unary(method, signal, timeoutMs, header, request);
    onHeader?.(response.header);
    return response.message;
  } catch (thrown) {
    throw deadline.aborted ? lateError(thrown) : ScripError.from(thrown);
  }
}

function requestHeader({ apiKey, headers }: CallOptions): Headers {
  const header = new Headers(headers);
  if (apiKey !== undefined) header.set('x-api-key', apiKey);
  return header;
}

/** A call that its deadline ended is `deadline_exceeded`, whichever timer was first to see it. */
function lateError(thrown: unknown): ScripError {
  const error = ScripError.from(thrown);
  if (error.code !== 'canceled') return error;
  return new ScripError('the call took too long', { code: 'deadline_exceeded', cause: thrown });
}
