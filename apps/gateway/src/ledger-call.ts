// The options of the ledger calls that one REST request makes.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { CallOptions } from '@scrip/client';
import { isReplay } from '@scrip/client';
import type { Caller } from './caller.ts';
import { traceHeaders } from './trace-context.ts';

type Asking = { readonly id: string; readonly headers: IncomingHttpHeaders };
type Answering = {
  readonly raw: ServerResponse;
  readonly header: (name: string, value: string) => unknown;
};

/** The limit of a ledger call, in milliseconds; a slower one is answered 504. */
const timeoutMs = 30_000;

/**
 * A call in the caller's name: ends when the caller goes, is in the caller's trace, and passes the
 * mark of a replay on.
 */
export function ledgerCall(
  request: Asking & { readonly caller: Caller },
  reply: Answering,
): CallOptions {
  return {
    ...plainCall(request.caller.apiKey, request, reply),
    onHeader: (header) => {
      if (isReplay(header)) reply.header('x-idempotent-replay', 'true');
    },
  };
}

/** A call with a key whose store is not known yet. */
export function plainCall(
  apiKey: string,
  { id, headers }: Asking,
  reply: Pick<Answering, 'raw'>,
): CallOptions {
  const signal = signalOfDisconnect(reply.raw);
  return { apiKey, timeoutMs, signal, headers: { ...traceHeaders(headers), 'x-request-id': id } };
}

function signalOfDisconnect(response: ServerResponse): AbortSignal {
  const abort = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) abort.abort();
  });
  return abort.signal;
}
