// Stores and their books.
import type { Book as BookFacts, Mode } from '@scrip/engine';
import { createIds, type Instant } from '@scrip/kernel';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Book } from '../entities/book.ts';
import { Store } from '../entities/store.ts';
import { journalErrorOf } from '../journal/journal-error-of.ts';

/** A store as it is listed. */
export interface StoreView {
  readonly storeId: string;
  readonly name: string;
  readonly createdAt: Instant;
}

/** A store to be made. The secrets are random bytes, 32 of them, one set for each book. */
export interface NewStore {
  readonly storeId: string;
  readonly name: string;
  readonly idKeys: Readonly<Record<Mode, Uint8Array>>;
}

/** The stores of this installation. Failures are `JournalError`s. */
export interface Stores {
  /** Makes a store and its two empty books, or nothing. A taken id is a fault of content. */
  create(store: NewStore): Promise<void>;
  /** All stores, the oldest first. */
  list(): Promise<readonly StoreView[]>;
  findBook(storeId: string, mode: Mode): Promise<BookFacts | undefined>;
}

/** Makes the stores on an ORM. */
export function createStores(orm: MikroORM): Stores {
  return {
    create: (store) => attempt(() => createStore(orm, store)),
    list: () => attempt(() => listStores(orm)),
    findBook: (storeId, mode) => attempt(() => findBook(orm, storeId, mode)),
  };
}

/** Runs a piece of administration; what the database refuses is thrown as a `JournalError`. */
export async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw journalErrorOf(error);
  }
}

async function createStore(orm: MikroORM, { storeId, name, idKeys }: NewStore): Promise<void> {
  await orm.em.fork().transactional(async (em) => {
    const store = em.create(Store, { id: storeId, name });
    for (const mode of ['test', 'prod'] as const) {
      em.create(Book, {
        store,
        mode,
        idKey: Buffer.from(idKeys[mode]),
        chainHash: Buffer.alloc(32),
      });
    }
    await em.flush();
  });
}

async function listStores(orm: MikroORM): Promise<readonly StoreView[]> {
  const stores = await orm.em.fork().find(Store, {}, { orderBy: { createdAt: 'asc', id: 'asc' } });
  return stores.map(({ id, name, createdAt }) => ({
    storeId: id,
    name,
    createdAt: createdAt.getTime() as Instant,
  }));
}

async function findBook(
  orm: MikroORM,
  storeId: string,
  mode: Mode,
): Promise<BookFacts | undefined> {
  const book = await orm.em.fork().findOne(Book, { store: storeId, mode });
  if (book === null) return undefined;
  const idKey = new Uint8Array(book.idKey);
  return { id: book.id, storeId, mode, idKey, ids: createIds(idKey) };
}
