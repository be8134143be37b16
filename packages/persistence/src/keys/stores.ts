// Stores and their books.
import type { Book as BookFacts, Mode } from '@scrip/engine';
import { createIds, type Instant } from '@scrip/kernel';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Book } from '../entities/book.ts';
import { Store } from '../entities/store.ts';
import { createKey, type NewApiKey } from './api-keys.ts';
import { attempt } from './attempt.ts';
import { afterPlace, oldestFirst, pageOf, type KeysPage, type PageAfter } from './page.ts';

/** A store as it is listed. */
interface StoreView {
  readonly storeId: string;
  readonly name: string;
  readonly createdAt: Instant;
}

/** A store to be made. The secrets are random bytes, 32 of them, one set for each book. */
interface NewStore {
  readonly storeId: string;
  readonly name: string;
  readonly idKeys: Readonly<Record<Mode, Uint8Array>>;
  /** Keys to be made with it; none by default. */
  readonly apiKeys?: readonly NewApiKey[];
}

/** The stores of this installation. Failures are `JournalError`s. */
export interface Stores {
  /**
   * Makes a store, its two empty books and the keys given, or nothing. A taken id is a fault of
   * content.
   */
  create(store: NewStore): Promise<StoreView>;
  /** All stores, the oldest first. */
  list(): Promise<readonly StoreView[]>;
  /** A page of them, as `list` has them. Nothing for an unknown cursor. */
  listPage(page: PageAfter): Promise<KeysPage<StoreView> | undefined>;
  findBook(storeId: string, mode: Mode): Promise<BookFacts | undefined>;
}

/** Makes the stores on an ORM. */
export function createStores(orm: MikroORM): Stores {
  return {
    create: (store) => attempt(() => createStore(orm, store)),
    list: () => attempt(() => listStores(orm)),
    listPage: (page) => attempt(() => listStorePage(orm, page)),
    findBook: (storeId, mode) => attempt(() => findBook(orm, storeId, mode)),
  };
}

async function createStore(
  orm: MikroORM,
  { storeId, name, idKeys, apiKeys = [] }: NewStore,
): Promise<StoreView> {
  return orm.em.fork().transactional(async (em) => {
    const store = em.create(Store, { id: storeId, name });
    for (const mode of ['test', 'prod'] as const) {
      em.create(Book, {
        store,
        mode,
        idKey: Buffer.from(idKeys[mode]),
        chainHash: Buffer.alloc(32),
      });
    }
    for (const key of apiKeys) createKey(em, key);
    await em.flush();
    return viewOf(store);
  });
}

async function listStores(orm: MikroORM): Promise<readonly StoreView[]> {
  const stores = await orm.em.fork().find(Store, {}, { orderBy: oldestFirst });
  return stores.map(viewOf);
}

async function listStorePage(
  orm: MikroORM,
  { size, after }: PageAfter,
): Promise<KeysPage<StoreView> | undefined> {
  const em = orm.em.fork();
  const cursor = after === undefined ? undefined : await em.findOne(Store, { id: after });
  if (cursor === null) return undefined;
  const place = cursor && { id: cursor.id, createdAt: viewOf(cursor).createdAt };
  const found = await em.find(Store, afterPlace(place), {
    orderBy: oldestFirst,
    limit: size + 1,
  });
  return pageOf(found.map(viewOf), size);
}

function viewOf({ id, name, createdAt }: Store): StoreView {
  return { storeId: id, name, createdAt: createdAt.getTime() as Instant };
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
