// The request headers of a call or a stream.
import type { CallOptions } from './call-options.ts';
import { ScripError } from './scrip-error.ts';

/** The caller's own headers, and the API key where there is one. Some texts are no header. */
export function requestHeader({
  apiKey,
  headers,
}: Pick<CallOptions, 'apiKey' | 'headers'>): Headers {
  try {
    const header = new Headers(headers);
    if (apiKey !== undefined) header.set('x-api-key', apiKey);
    return header;
  } catch {
    // What was thrown repeats the text, which may be the key.
    const message = 'the API key, or another header, has characters that cannot be sent';
    throw new ScripError(message, { code: 'invalid_argument', cause: undefined });
  }
}
