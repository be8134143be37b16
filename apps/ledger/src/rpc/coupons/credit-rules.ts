// The RPCs about the rules by which memberships issue credits.
import {
  fromProtoCreateCreditRuleRequest,
  fromProtoDeleteCreditRuleRequest,
  fromProtoGetCreditRuleRequest,
  fromProtoListCreditRulesRequest,
  fromProtoUpdateCreditRuleRequest,
  toProtoCreditRule,
  toProtoSequence,
} from '@scrip/codec';
import { CreditRuleSchema, type CreditRule } from '@scrip/contract/coupons';
import type { Done } from '../ledger/answer.ts';
import { toMessagesPage } from '../ledger/messages-page.ts';
import { recordOf, type CouponParts } from './coupon-parts.ts';
import type { CouponRpcs } from './coupon-rpcs.ts';

export function creditRuleRpcs({ submit, read, coupons }: CouponParts) {
  return {
    createCreditRule: async (request, context) =>
      answerOf(await submit(context, fromProtoCreateCreditRuleRequest(request))),
    getCreditRule: async (request, context) => {
      const id = fromProtoGetCreditRuleRequest(request);
      const { value, sequence } = await read({ request, context }, id, ({ book }, named) =>
        coupons.creditRule(book, named),
      );
      return { creditRule: toProtoCreditRule(value), sequence: toProtoSequence(sequence) };
    },
    listCreditRules: async (request, context) => {
      const query = fromProtoListCreditRulesRequest(request);
      const told = await read({ request, context }, query, ({ book }, asked) =>
        coupons.creditRules(book, asked),
      );
      const { items, facts } = toMessagesPage(told, CreditRuleSchema, toProtoCreditRule);
      return { creditRules: items, ...facts };
    },
    updateCreditRule: async (request, context) =>
      answerOf(await submit(context, fromProtoUpdateCreditRuleRequest(request))),
    deleteCreditRule: async (request, context) =>
      answerOf(await submit(context, fromProtoDeleteCreditRuleRequest(request))),
  } satisfies Partial<CouponRpcs>;
}

/** The rule that a change was about, as the change left it. */
function answerOf(done: Done): { readonly creditRule: CreditRule; readonly sequence: bigint } {
  const creditRule = toProtoCreditRule(recordOf(done, 'credit_rule'));
  return { creditRule, sequence: toProtoSequence(done.sequence) };
}
