// The RPCs that explain a balance and an entry.
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import {
  fromProtoAccountRef,
  fromProtoRequestedSequence,
  toProtoBalance,
  toProtoExplainedEntry,
  toProtoGrant,
  toProtoHold,
  toProtoSequence,
} from '@scrip/codec';
import { GrantSchema, HoldSchema } from '@scrip/contract';
import { formatAmount, parsed } from '@scrip/kernel';
import type { LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { firstWithin } from './page-bytes.ts';

/** Grants, and holds, that make a balance: what is beyond them is counted alone. */
const partCountMax = 1_000;
const partBytesMax = 1024 * 1024;

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
      const grants = partsOf(GrantSchema, value.grants.slice(0, partCountMax).map(toProtoGrant));
      const holds = partsOf(HoldSchema, value.holds.slice(0, partCountMax).map(toProtoHold));
      return {
        balance: toProtoBalance(value.balance),
        pool: formatAmount(value.pool, scale),
        poolHeld: formatAmount(value.poolHeld, scale),
        grants,
        holds,
        sequence: toProtoSequence(sequence),
        moreGrantCount: value.grants.length - grants.length,
        moreHoldCount: value.holds.length - holds.length,
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

function partsOf<Desc extends DescMessage>(
  desc: Desc,
  parts: readonly MessageShape<Desc>[],
): MessageShape<Desc>[] {
  return [...firstWithin(desc, parts, partBytesMax)];
}
