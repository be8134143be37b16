// The RPCs about the API keys of the caller's own store and mode.
import {
  fromProtoCreateApiKeyRequest,
  fromProtoListApiKeysRequest,
  fromProtoRevokeApiKeyRequest,
  toProtoApiKey,
  type ApiKeyFacts,
} from '@scrip/codec';
import { scopes as knownScopes, type Scope } from '../../auth/api-key.ts';
import type { KnownKey } from '../../auth/known-key.ts';
import { callerOf } from '../../call/call-facts.ts';
import { scopeMissing, serviceError } from '../../errors/service-error.ts';
import { valueOf } from '../parsed.ts';
import type { AdminPorts, KeyOwner } from './admin-ports.ts';
import type { AdminRpcs } from './admin-rpcs.ts';
import { makeKey } from './new-key.ts';
import { ownerOf } from './owner.ts';
import { pageOrRefusal } from './page.ts';

export function apiKeyRpcs(ports: AdminPorts) {
  const { apiKeys } = ports;
  const find = async (owner: KeyOwner, id: string): Promise<ApiKeyFacts> => {
    const key = await apiKeys.findOwned(owner, id);
    if (key !== undefined) return key;
    const metadata = { api_key_id: id };
    throw serviceError('API_KEY_NOT_FOUND', { message: 'No such API key.', metadata });
  };
  return {
    createApiKey: async (request, { values }) => {
      const { name, scopes } = valueOf(fromProtoCreateApiKeyRequest(request));
      const caller = callerOf(values);
      const terms = { name, scopes: grantable(caller, scopes) };
      const { kept, apiKey } = makeKey(ports, ownerOf(caller), terms);
      await apiKeys.add(kept);
      return { key: toProtoApiKey(await find(kept, kept.id)), apiKey };
    },
    listApiKeys: async (request, { values }) => {
      const page = valueOf(fromProtoListApiKeysRequest(request));
      const found = await apiKeys.listOwned(ownerOf(callerOf(values)), page);
      const { items, hasMore } = pageOrRefusal(found);
      return { apiKeys: items.map(toProtoApiKey), hasMore };
    },
    revokeApiKey: async (request, { values }) => {
      const id = valueOf(fromProtoRevokeApiKeyRequest(request));
      const owner = ownerOf(callerOf(values));
      await find(owner, id);
      await apiKeys.revoke(id);
      return { key: toProtoApiKey(await find(owner, id)) };
    },
  } satisfies Partial<AdminRpcs>;
}

/** The scopes asked for, all of which the caller has itself. */
function grantable(caller: KnownKey, asked: readonly string[]): readonly Scope[] {
  const granted = knownScopes.filter((scope) => asked.includes(scope));
  for (const scope of granted) if (!caller.scopes.includes(scope)) throw scopeMissing(scope);
  return granted;
}
