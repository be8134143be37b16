// What is known about a call, from its first header to its log line.
import { createContextKey, type ContextValues } from '@connectrpc/connect';
import type { Book } from '@scrip/engine';
import { assert } from '@scrip/kernel';
import type { KnownKey } from '../auth/known-key.ts';
import type { Viewer } from '../view/viewer.ts';

/** How a call ended, as its log line tells it. */
export type CallEnd = { readonly code: string; readonly reason?: string };

export const requestIdKey = createContextKey('', { description: 'request id' });
export const callerKey = createContextKey<KnownKey | undefined>(undefined, {
  description: 'API key of the caller',
});
export const callerJudgedAtKey = createContextKey(-Infinity, {
  description: 'when the caller was let in, in milliseconds',
});
export const refusedCallerKey = createContextKey<{ readonly thrown: unknown } | undefined>(
  undefined,
  { description: 'why the caller was not let in' },
);
export const viewerKey = createContextKey<Viewer | undefined>(undefined, {
  description: 'bearer of an access token',
});
export const bookKey = createContextKey<Book | undefined>(undefined, {
  description: 'book of the API key',
});
/** Breaks the connection, or the HTTP/2 stream, of a call; nothing within the process. */
export const hangUpKey = createContextKey<(() => void) | undefined>(undefined, {
  description: 'breaks off a call whose caller does not read',
});
export const callEndKey = createContextKey<CallEnd | undefined>(undefined, {
  description: 'how the call ended',
});

/** The book of a call that was let in. */
export function bookOf(values: ContextValues): Book {
  const book = values.get(bookKey);
  assert(book !== undefined, 'a call that reaches the ledger has its book');
  return book;
}

/** The key that a call was let in with: its own, or the one that minted its access token. */
export function callerOf(values: ContextValues): KnownKey {
  const caller = values.get(callerKey);
  assert(caller !== undefined, 'a call that was let in has its key');
  return caller;
}

/** Who reads through an access token; nobody where an API key calls, which reads all of a book. */
export function viewerOf(values: ContextValues): Viewer | undefined {
  return values.get(viewerKey);
}
