// The clients: one function for every unary call of a service, made from its description.
import type {
  DescMethod,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import { AdminService, LedgerService } from '@scrip/contract';
import type { CallOptions, ClientDefaults } from './call-options.ts';
import { timeoutMsDefault } from './call-options.ts';
import { withRetries } from './retry.ts';
import { ScripError } from './scrip-error.ts';

/** The unary calls of a service. Every call that does not succeed throws a `ScripError`. */
type Calls<Methods extends Readonly<Record<string, DescMethod>>> = {
  readonly [Name in keyof Methods as Methods[Name] extends DescMethodUnary ? Name : never]: (
    request: MessageInitShape<Methods[Name]['input']>,
    options?: CallOptions,
  ) => Promise<MessageShape<Methods[Name]['output']>>;
};

/**
 * The ledger's unary calls. What each promises and refuses is said in `ledger_service.proto`. Every
 * call that does not succeed throws a `ScripError`. Amounts are decimal strings, both ways.
 */
export type ScripClient = Calls<typeof LedgerService.method>;

/**
 * The calls of administration: stores with the operator key, API keys with a key that has the
 * scope `admin`. What each promises and refuses is said in `admin_service.proto`. Every call that
 * does not succeed throws a `ScripError`.
 */
export type ScripAdminClient = Calls<typeof AdminService.method>;

/** Makes the client of the ledger over a transport. */
export function buildClient(transport: Transport, defaults: ClientDefaults): ScripClient {
  return callsOf(LedgerService, transport, defaults) as ScripClient;
}

/** Makes the client of administration over a transport. */
export function buildAdminClient(transport: Transport, defaults: ClientDefaults): ScripAdminClient {
  return callsOf(AdminService, transport, defaults) as ScripAdminClient;
}

function callsOf(service: DescService, transport: Transport, defaults: ClientDefaults): object {
  const { retry = {} } = defaults;
  const retrying = retry === false ? transport : withRetries(transport, retry);
  const calls = service.methods
    .filter(isUnary)
    .map((method) => [
      method.localName,
      (request: MessageInitShape<typeof method.input>, options: CallOptions = {}) =>
        callUnary(retrying, { method, request, options: { ...defaults, ...options } }),
    ]);
  return Object.fromEntries(calls) as object;
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === 'unary';
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
