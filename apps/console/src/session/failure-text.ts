// What went wrong, as a sentence for whoever looks at the page.
import { ScripError } from '@scrip/client';

/** Says why the ledger's answer is none. */
export function describeFailure(thrown: unknown): string {
  const error = ScripError.from(thrown);
  switch (error.reason) {
    case 'TOKEN_EXPIRED':
      return tokenExpired;
    case 'KEY_UNKNOWN':
      return 'The key or token is not known to the ledger, or it was revoked.';
    case 'KEY_MISSING':
      return 'The ledger asks for a key or a token.';
    case 'SCOPE_MISSING':
      return 'The key may not read the ledger.';
    case 'WATCHES_FULL':
      return 'The ledger has no room for another page right now. Try again in a moment.';
    default:
      return describeOther(error);
  }
}

function describeOther(error: ScripError): string {
  if (isUnreachable(error)) {
    return 'The ledger does not answer. It may be starting, or out of reach from here.';
  }
  // Nothing was sent: all else that the page asks can be written.
  if (error.reason === undefined && error.code === 'invalid_argument') {
    return 'The key or token has characters that cannot be sent.';
  }
  const isOwn = error.reason === undefined && error.code === 'unauthenticated';
  return isOwn ? error.message : `The ledger says: ${error.message}`;
}

export const tokenExpired = 'The access token has expired.';

/** Whether the error says that the book is no longer the one that was looked at. */
export function isReplacement(thrown: unknown): boolean {
  return ScripError.from(thrown).reason === 'HISTORY_DIVERGED';
}

/** Whether the error says that a customer has more accounts than one stream watches. */
export function isBeyondStream(thrown: unknown): boolean {
  return ScripError.from(thrown).reason === 'FIELD_INVALID';
}

/**
 * Whether nobody answered. A browser tells no more of a connection that it could not make than that
 * it failed.
 */
export function isUnreachable({ code, reason }: ScripError): boolean {
  if (reason !== undefined) return reason === 'UNAVAILABLE';
  return code === 'unavailable' || code === 'unknown' || code === 'deadline_exceeded';
}
