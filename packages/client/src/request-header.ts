// The request headers of a call or a stream.
import type { CallOptions } from './call-options.ts';

/** The caller's own headers, and the API key where there is one. */
export function requestHeader({
  apiKey,
  headers,
}: Pick<CallOptions, 'apiKey' | 'headers'>): Headers {
  const header = new Headers(headers);
  if (apiKey !== undefined) header.set('x-api-key', apiKey);
  return header;
}
