// What the RPCs of administration stand on.
import type { AdminPage, ApiKeyFacts, StoreFacts } from '@scrip/codec';
import type { Engine, LedgerReader, Mode } from '@scrip/engine';
import type { AccessTokens } from '../../auth/access-tokens.ts';
import type { Scope } from '../../auth/api-key.ts';

/** Whose keys: one store's, in one mode. */
export type KeyOwner = { readonly storeId: string; readonly mode: Mode };

/** A key to be kept: its digest in place of its text. */
export type KeptKey = KeyOwner & {
  readonly id: string;
  readonly scopes: readonly Scope[];
  readonly name: string;
  readonly prefix: string;
  readonly digest: Uint8Array;
};

/** A page; nothing stands for an unknown cursor. */
type Found<T> = Promise<{ readonly items: readonly T[]; readonly hasMore: boolean } | undefined>;

export type AdminPorts = {
  readonly stores: {
    /** Makes a store with its books and keys, or nothing. */
    create(store: {
      readonly storeId: string;
      readonly name: string;
      readonly idKeys: Readonly<Record<Mode, Uint8Array>>;
      readonly apiKeys: readonly KeptKey[];
    }): Promise<StoreFacts>;
    listPage(page: AdminPage): Found<StoreFacts>;
  };
  readonly apiKeys: {
    add(key: KeptKey): Promise<void>;
    listOwned(owner: KeyOwner, page: AdminPage): Found<ApiKeyFacts>;
    findOwned(owner: KeyOwner, id: string): Promise<ApiKeyFacts | undefined>;
    /** Revokes a key, unless it is revoked. */
    revoke(id: string): Promise<unknown>;
  };
  /** Where the accounts of a token are looked up. */
  readonly reader: Pick<LedgerReader, 'balances'>;
  /** Where the clock of a book is moved. */
  readonly engine: Pick<Engine, 'submit'>;
  readonly accessTokens: Pick<AccessTokens, 'mint'>;
  /** A new id with this prefix. */
  newId(prefix: string): string;
  /** Random bytes. */
  newSecret(byteCount: number): Uint8Array;
};
