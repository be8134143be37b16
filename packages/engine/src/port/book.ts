// A book as the rooms around the kernel name it.
import type { Ids } from '@scrip/kernel';

/** `test` for trying out, `prod` for real. Each mode of a store has a book of its own. */
export type Mode = 'test' | 'prod';

/** One store's accounts and history in one mode. These facts never change. */
export interface Book {
  /** The number that every table's key begins with. */
  readonly id: number;
  /** `sto_` and eleven characters. */
  readonly storeId: string;
  readonly mode: Mode;
  /** The secret that scrambles ids and keys request digests: 32 bytes. */
  readonly idKey: Uint8Array;
  readonly ids: Ids;
}
