// Answers to those who may not call.
import type { ConnectError } from '@connectrpc/connect';
import { serviceError } from '../errors/service-error.ts';

const invalid = { 'www-authenticate': 'Bearer error="invalid_token"' };

/** Neither an API key nor an access token was shown. */
export function keyMissing(): ConnectError {
  return serviceError('KEY_MISSING', {
    message: 'An API key is required, as x-api-key or as authorization: Bearer.',
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** What was shown is an API key that is not known, or is revoked. */
export function keyUnknown(): ConnectError {
  const message = 'The API key is unknown or revoked.';
  return serviceError('KEY_UNKNOWN', { message, headers: invalid });
}

/** What was shown is an access token that is not ours, or whose API key is gone. */
export function tokenUnknown(): ConnectError {
  const message = 'The access token was not made here, or its API key is revoked.';
  return serviceError('KEY_UNKNOWN', { message, headers: invalid });
}

/** The access token was good, and its time is over. */
export function tokenExpired(): ConnectError {
  const message = 'The access token has expired.';
  return serviceError('TOKEN_EXPIRED', { message, headers: invalid });
}

/** The method is none for access tokens; an API key with the scope may call it. */
export function beyondTokens(method: string, scope: string): ConnectError {
  const message = `An access token may not call ${method}.`;
  return serviceError('SCOPE_MISSING', { message, metadata: { scope } });
}
