// Connect with JSON over plain fetch.

import type { Caller, JsonObject, Outcome } from './caller.ts';
import { decodeDetail } from './proto.ts';
import { refusalOf } from './refusal.ts';

type ConnectError = {
  readonly code: string;
  readonly message?: string;
  readonly details?: readonly { readonly type: string; readonly value: string }[];
};

/** A caller over Connect JSON. */
export function createConnectCaller(ledgerUrl: string, defaultKey: string): Caller {
  return async (method, request, { apiKey = defaultKey, headers = {} } = {}) => {
    const response = await postConnect(`${ledgerUrl}/scrip.ledger.v1.LedgerService/${method}`, {
      headers: { ...(apiKey === '' ? {} : { 'x-api-key': apiKey }), ...headers },
      body: JSON.stringify(request),
    });
    return outcomeOf(response, await response.text());
  };
}

/** Posts a text as a Connect request, well-formed or not. */
export function postConnect(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<Response> {
  const type = { 'content-type': 'application/json', 'connect-protocol-version': '1' };
  return fetch(url, { method: 'POST', headers: { ...type, ...headers }, body });
}

function outcomeOf({ ok, headers }: Response, text: string): Outcome {
  const facts = {
    isReplay: headers.get('scrip-idempotent-replay') === 'true',
    requestId: headers.get('scrip-request-id') ?? '',
  };
  if (ok) return { code: 'ok', answer: JSON.parse(text) as JsonObject, ...facts };
  const { code, message = '', details = [] } = JSON.parse(text) as ConnectError;
  const [detail] = details;
  const decoded = detail === undefined ? {} : decodeDetail(Buffer.from(detail.value, 'base64'));
  return { code, message, answer: {}, ...facts, ...refusalOf(decoded) };
}
