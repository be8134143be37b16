// The RPCs that keep credits aside.
import {
  fromProtoCaptureHoldRequest,
  fromProtoCreateHoldRequest,
  fromProtoExtendHoldRequest,
  fromProtoGetHoldRequest,
  fromProtoListHoldsRequest,
  fromProtoReleaseHoldRequest,
  toProtoHold,
  toProtoSequence,
} from '@scrip/codec';
import { HoldSchema, type Hold } from '@scrip/contract';
import { assert, holdOf } from '@scrip/kernel';
import { optionalTransactionOf, type Done, type LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { toMessagesPage } from './messages-page.ts';

export function holdRpcs({ submit, read, terms }: LedgerParts) {
  return {
    createHold: async (request, context) =>
      answerOf(await submit(context, fromProtoCreateHoldRequest(request))),
    captureHold: async (request, context) => {
      const done = await submit(context, fromProtoCaptureHoldRequest(request));
      return { ...answerOf(done), ...optionalTransactionOf(done) };
    },
    extendHold: async (request, context) =>
      answerOf(await submit(context, fromProtoExtendHoldRequest(request))),
    releaseHold: async (request, context) =>
      answerOf(await submit(context, fromProtoReleaseHoldRequest(request))),
    getHold: async (request, context) => {
      const query = fromProtoGetHoldRequest(request);
      const { value, sequence } = await read({ request, context }, query, ({ book }, id) =>
        terms.hold(book, id),
      );
      return { hold: toProtoHold(value), sequence: toProtoSequence(sequence) };
    },
    listHolds: async (request, context) => {
      const query = fromProtoListHoldsRequest(request);
      const told = await read({ request, context }, query, ({ book }, asked) =>
        terms.holds(book, asked),
      );
      const { items, facts } = toMessagesPage(told, HoldSchema, toProtoHold);
      return { holds: items, ...facts };
    },
  } satisfies Partial<LedgerRpcs>;
}

/** The hold that a change was about, as the change left it. */
function answerOf({ event, sequence }: Done): { readonly hold: Hold; readonly sequence: bigint } {
  const hold = holdOf(event);
  assert(hold !== undefined, 'the event is about a hold');
  return { hold: toProtoHold(hold), sequence: toProtoSequence(sequence) };
}
