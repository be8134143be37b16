// The RPCs about credits with terms of their own.
import {
  fromProtoGetGrantRequest,
  fromProtoListGrantsRequest,
  fromProtoVoidGrantRequest,
  toProtoGrant,
  toProtoSequence,
} from '@scrip/codec';
import { GrantSchema } from '@scrip/contract';
import { assert, grantsOf } from '@scrip/kernel';
import { optionalTransactionOf, type LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { toMessagesPage } from './messages-page.ts';

export function grantRpcs({ submit, read, terms }: LedgerParts) {
  return {
    voidGrant: async (request, context) => {
      const done = await submit(context, fromProtoVoidGrantRequest(request));
      const [grant] = grantsOf(done.event);
      assert(grant !== undefined, 'the event is about a grant');
      const sequence = toProtoSequence(done.sequence);
      return { grant: toProtoGrant(grant), ...optionalTransactionOf(done), sequence };
    },
    getGrant: async (request, context) => {
      const query = fromProtoGetGrantRequest(request);
      const { value, sequence } = await read({ request, context }, query, ({ book }, id) =>
        terms.grant(book, id),
      );
      return { grant: toProtoGrant(value), sequence: toProtoSequence(sequence) };
    },
    listGrants: async (request, context) => {
      const query = fromProtoListGrantsRequest(request);
      const told = await read({ request, context }, query, ({ book }, asked) =>
        terms.grants(book, asked),
      );
      const { items, facts } = toMessagesPage(told, GrantSchema, toProtoGrant);
      return { grants: items, ...facts };
    },
  } satisfies Partial<LedgerRpcs>;
}
