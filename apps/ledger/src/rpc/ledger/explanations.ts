// The RPCs that explain a balance and an entry.
import {
  fromProtoAccountRef,
  fromProtoRequestedSequence,
  toProtoBalance,
  toProtoExplainedEntry,
  toProtoGrant,
  toProtoHold,
  toProtoSequence,
} from '@scrip/codec';
import { formatAmount, parsed } from '@scrip/kernel';
import type { LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';

export function explanationRpcs({ read, terms }: LedgerParts) {
  return {
    explainBalance: async (request, context) => {
      const { atSequence } = request;
      const point = atSequence === undefined ? undefined : fromProtoRequestedSequence(atSequence);
      const account = fromProtoAccountRef(request.account);
      const { value, sequence } = await read({ request, context }, account, ({ book }, ref) =>
        terms.balanceParts(book, ref, point),
      );
      const { scale } = value.balance.unit;
      return {
        balance: toProtoBalance(value.balance),
        pool: formatAmount(value.pool, scale),
        poolHeld: formatAmount(value.poolHeld, scale),
        grants: value.grants.map(toProtoGrant),
        holds: value.holds.map(toProtoHold),
        sequence: toProtoSequence(sequence),
      };
    },
    explainEntry: async (request, context) => {
      const { value, sequence } = await read(
        { request, context },
        parsed(request.entryId),
        ({ book }, id) => terms.explainEntry(book, id),
      );
      return { ...toProtoExplainedEntry(value), sequence: toProtoSequence(sequence) };
    },
  } satisfies Partial<LedgerRpcs>;
}
