// The RPCs about stores. Only the operator's key gets here.
import {
  fromProtoCreateStoreRequest,
  fromProtoListStoresRequest,
  toProtoApiKey,
  toProtoStore,
  type StoreFacts,
} from '@scrip/codec';
import { scopes } from '../../auth/api-key.ts';
import { valueOf } from '../parsed.ts';
import type { AdminPorts } from './admin-ports.ts';
import type { AdminRpcs } from './admin-rpcs.ts';
import { makeKey, type MadeKey } from './new-key.ts';
import { pageOrRefusal } from './page.ts';

const idKeyByteCount = 32;
const firstKeyName = 'made with the store';

export function storeRpcs(ports: AdminPorts) {
  const { stores } = ports;
  return {
    createStore: async (request) => {
      const name = valueOf(fromProtoCreateStoreRequest(request));
      const storeId = ports.newId('sto_');
      const terms = { name: firstKeyName, scopes };
      const test = makeKey(ports, { storeId, mode: 'test' }, terms);
      const prod = makeKey(ports, { storeId, mode: 'prod' }, terms);
      const idKeys = {
        test: ports.newSecret(idKeyByteCount),
        prod: ports.newSecret(idKeyByteCount),
      };
      const apiKeys = [test.kept, prod.kept];
      const store = await stores.create({ storeId, name, idKeys, apiKeys });
      return {
        store: toProtoStore(store),
        test: firstKey(test, store),
        prod: firstKey(prod, store),
      };
    },
    listStores: async (request) => {
      const page = valueOf(fromProtoListStoresRequest(request));
      const { items, hasMore } = pageOrRefusal(await stores.listPage(page));
      return { stores: items.map(toProtoStore), hasMore };
    },
  } satisfies Partial<AdminRpcs>;
}

/** A key that was made together with its store, at the same instant. */
function firstKey({ kept, apiKey }: MadeKey, { createdAt }: StoreFacts) {
  return { key: toProtoApiKey({ ...kept, createdAt }), apiKey };
}
