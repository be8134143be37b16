// The request headers of a call or a stream.
import type { CallOptions } from './call-options.ts';
import { wrongOption } from './wrong-option.ts';

/** The caller's own headers, and the API key where there is one. Some texts are no header. */
export function requestHeader({
  apiKey,
  headers,
}: Pick<CallOptions, 'apiKey' | 'headers'>): Headers {
  if (apiKey === '') throw wrongOption('apiKey must not be empty');
  try {
    const header = new Headers(headers);
    if (apiKey !== undefined) header.set('x-api-key', apiKey);
    return header;
  } catch {
    // What was thrown repeats the text, which may be the key.
    throw wrongOption('the API key, or another header, has characters that cannot be sent');
  }
}
