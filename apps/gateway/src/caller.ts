// Who calls: the API key as it was sent, and the store that it belongs to.
import type { IncomingHttpHeaders } from 'node:http';
import { FaultError } from './faults/fault.ts';

export type Caller = { readonly apiKey: string; readonly storeId: string };

const bearer = /^bearer +(\S+) *$/i;
/** What an API key can look like at all; anything else is unknown without asking. */
const plausibleKey = /^[\x21-\x7e]{1,255}$/;

/** Reads the API key from `x-api-key`, else from `Authorization: Bearer`. */
export function readApiKey(headers: IncomingHttpHeaders): string {
  // An empty header is none.
  const key = headers['x-api-key'] || bearer.exec(headers.authorization ?? '')?.[1];
  if (key === undefined) throw new FaultError('KEY_MISSING', 'An API key is needed.');
  if (typeof key !== 'string' || !plausibleKey.test(key)) {
    throw new FaultError('KEY_UNKNOWN', 'The API key is not known.');
  }
  return key;
}
