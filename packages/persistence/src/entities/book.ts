// The head of a book: the row that every write locks.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { Store } from './store.ts';

const BookSchema = defineEntity({
  name: 'Book',
  tableName: 'book',
  comment: 'The accounts and the history of one store in one mode, and where they stand.',
  uniques: [{ name: 'book_store_id_mode_key', properties: ['store', 'mode'] }],
  properties: {
    id: p.integer().primary().autoincrement().generated('identity'),
    store: () =>
      p
        .manyToOne(Store)
        .ref()
        .foreignKeyName('book_store_fkey')
        .updateRule('no action')
        .deleteRule('no action'),
    mode: p.text(),
    headSequence: p.bigint().defaultRaw('0'),
    chainHash: p.blob(),
    lastInstant: p.datetime(3).nullable(),
    idKey: p.blob().comment('Secret: scrambles ids, keys request digests.'),
    clockOffsetMs: p.bigint().defaultRaw('0'),
  },
});

export class Book extends BookSchema.class {}
BookSchema.setClass(Book);
