// Who wants to read the feed: an API key or an access token, passed on to the ledger as it came.
import type { IncomingHttpHeaders } from 'node:http';
import { FaultError } from '../faults/fault.ts';

/** The header that carries the credential to the ledger. */
export type Credential = { readonly 'x-api-key': string } | { readonly authorization: string };

const bearer = /^bearer +(\S+) *$/i;
/** What a credential can look like at all; a token of a hundred accounts is some thousand long. */
const plausible = /^[\x21-\x7e]{1,8192}$/;
/** A signed token has three parts. No API key looks like it. */
const tokenForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Reads `x-api-key`, else `Authorization: Bearer`, else the query's `access_token`, which is for
 * browsers, whose EventSource cannot send headers. An API key is never taken from there: addresses
 * end up in logs.
 */
export function readCredential(
  headers: IncomingHttpHeaders,
  accessToken: string | undefined,
): Credential {
  // An empty header is none.
  const key = headers['x-api-key'] || undefined;
  if (key !== undefined) return { 'x-api-key': checked(String(key)) };
  const shown = bearer.exec(headers.authorization ?? '')?.[1];
  if (shown !== undefined) return { authorization: `Bearer ${checked(shown)}` };
  if (accessToken === undefined || accessToken === '') {
    throw new FaultError('KEY_MISSING', 'An API key or an access token is needed.');
  }
  if (!tokenForm.test(accessToken)) throw unknown('access_token takes access tokens only.');
  return { authorization: `Bearer ${checked(accessToken)}` };
}

/** Whether it is an access token. The ledger says whether it is a good one. */
export function isOfToken(credential: Credential): boolean {
  return 'authorization' in credential && tokenForm.test(credential.authorization.slice(7));
}

function checked(credential: string): string {
  if (!plausible.test(credential)) throw unknown('The API key or access token is not known.');
  return credential;
}

function unknown(message: string): FaultError {
  return new FaultError('KEY_UNKNOWN', message);
}
