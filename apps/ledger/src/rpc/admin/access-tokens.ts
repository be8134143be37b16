// The RPC that mints access tokens, for a customer or for accounts of the caller's own book.
import { fromProtoMintAccessTokenRequest, toProtoTimestamp, type TokenTerms } from '@scrip/codec';
import type { Book } from '@scrip/engine';
import { instantFromMs } from '@scrip/kernel';
import { bookOf, callerOf } from '../../call/call-facts.ts';
import { RefusalError } from '../../errors/refusal-error.ts';
import type { ViewerScope } from '../../view/viewer.ts';
import { valueOf } from '../parsed.ts';
import type { AdminPorts } from './admin-ports.ts';
import type { AdminRpcs } from './admin-rpcs.ts';
import { ownerOf } from './owner.ts';

export function accessTokenRpcs({ reader, accessTokens }: AdminPorts) {
  return {
    mintAccessToken: async (request, { values }) => {
      const { whose, ttlSeconds } = valueOf(fromProtoMintAccessTokenRequest(request));
      const caller = callerOf(values);
      const scope = await scopeOf(reader, bookOf(values), whose);
      const owner = ownerOf(caller);
      const token = { ...owner, apiKeyId: caller.id, scope, ttlSeconds };
      const { accessToken, expiresAtMs } = await accessTokens.mint(token);
      return { accessToken, expiresAt: toProtoTimestamp(instantFromMs(expiresAtMs)) };
    },
  } satisfies Partial<AdminRpcs>;
}

/** Ids in the place of what the request calls the accounts; a customer needs no account yet. */
async function scopeOf(
  reader: AdminPorts['reader'],
  book: Book,
  whose: TokenTerms['whose'],
): Promise<ViewerScope> {
  if (whose.kind === 'customer') return whose;
  const found = await reader.balances(book, whose.accounts);
  if (found.kind === 'refused') throw new RefusalError(found.refusal, found.sequence);
  const accountIds = new Set(found.value.map(({ accountId }) => accountId));
  return { kind: 'accounts', accountIds: [...accountIds] };
}
