// The book of the caller's key. What a book is never changes, so that it is asked for once.
import type { ContextValues, Interceptor } from '@connectrpc/connect';
import type { Book, Mode } from '@scrip/engine';
import { assert } from '@scrip/kernel';
import { bookKey, callerKey } from '../call/call-facts.ts';

/** Finds the book of a store in one mode. */
export type BookFinder = (storeId: string, mode: Mode) => Promise<Book | undefined>;

/** Notes the book of a call with a key; gives a promise where it has to be asked for. */
export type ResolveBook = (values: ContextValues) => Promise<void> | undefined;

/** Makes what notes books. A key whose book is missing is a bug. */
export function createResolveBook(findBook: BookFinder): ResolveBook {
  const booksByStoreId: Readonly<Record<Mode, Map<string, Book>>> = {
    test: new Map(),
    prod: new Map(),
  };
  const ask = async (storeId: string, mode: Mode): Promise<Book> => {
    const book = await findBook(storeId, mode);
    assert(book !== undefined, `the store ${storeId} has a book for ${mode}`);
    booksByStoreId[mode].set(storeId, book);
    return book;
  };
  return (values) => {
    const { storeId, mode } = values.get(callerKey) ?? {};
    if (storeId === undefined || mode === undefined) return undefined;
    const known = booksByStoreId[mode].get(storeId);
    if (known === undefined)
      return ask(storeId, mode).then((book) => void values.set(bookKey, book));
    values.set(bookKey, known);
    return undefined;
  };
}

/** Has the book of each call noted. */
export function createResolveBookInterceptor(resolveBook: ResolveBook): Interceptor {
  return (next) => async (request) => {
    await resolveBook(request.contextValues);
    return next(request);
  };
}
