// The book of the caller's key. What a book is never changes, so that it is asked for once.
import type { Interceptor } from '@connectrpc/connect';
import type { Book, Mode } from '@scrip/engine';
import { assert } from '@scrip/kernel';
import { bookKey, callerKey } from '../call/call-facts.ts';

/** Finds the book of a store in one mode. */
export type BookFinder = (storeId: string, mode: Mode) => Promise<Book | undefined>;

/** Notes the book of a call with a key. A key whose book is missing is a bug. */
export function createResolveBookInterceptor(findBook: BookFinder): Interceptor {
  const booksByName = new Map<string, Book>();
  const resolve = async (storeId: string, mode: Mode): Promise<Book> => {
    const name = `${mode} ${storeId}`;
    const known = booksByName.get(name);
    if (known !== undefined) return known;
    const book = await findBook(storeId, mode);
    assert(book !== undefined, `the store ${storeId} has a book for ${mode}`);
    booksByName.set(name, book);
    return book;
  };
  return (next) => async (request) => {
    const key = request.contextValues.get(callerKey);
    if (key?.storeId !== undefined && key.mode !== undefined) {
      request.contextValues.set(bookKey, await resolve(key.storeId, key.mode));
    }
    return next(request);
  };
}
