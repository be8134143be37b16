// All migrations in their order, imported statically so that a bundle has them too.
import { CreatesStoresBooksAndHistory } from './0001-creates-stores-books-and-history.ts';

export const migrationsList = [
  {
    name: '0001-creates-stores-books-and-history',
    class: CreatesStoresBooksAndHistory,
  },
] as const;
