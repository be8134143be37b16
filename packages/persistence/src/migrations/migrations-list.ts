// All migrations in their order, imported statically so that a bundle has them too.
import { CreatesStoresBooksAndTheirHistory } from './0001-creates-stores-books-and-their-history.ts';

export const migrationsList = [
  {
    name: '0001-creates-stores-books-and-their-history',
    class: CreatesStoresBooksAndTheirHistory,
  },
] as const;
