// May this rule be made, changed or deleted?
import type { BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import { rulesOfType } from '../coupon/coupon-state.ts';
import { findIssuableCoupon, refuseUnknownRule } from '../coupon/refusals.ts';
import { replayLast } from '../coupon/replay-last.ts';
import { present } from '../value/present.ts';
import { parsed, refuse, refuseField, type Parsed, type Refusal } from '../value/refusal.ts';
import { replaceFields } from '../value/replace-fields.ts';
import {
  parseCreditRuleTerms,
  type CreateCreditRule,
  type DeleteCreditRule,
  type RequestedCreditRuleTerms,
  type UpdateCreditRule,
} from './commands.ts';
import type { CreditRule, CreditRuleId, CreditRuleTerms } from './credit-rule.ts';

/** Rules that a membership type may have at once: each is looked at whenever a period begins. */
const ruleCountMax = 20;

/** Decides a rule. It issues nothing for what was before it. */
export function decideCreateCreditRule(state: BookState, command: CreateCreditRule): Decision {
  const terms = completeTerms(state, command.terms);
  if (terms.kind === 'refused') return terms;
  const refusal = judgeRoom(state, terms.value);
  if (refusal !== undefined) return refusal;
  const { instant, ids } = state;
  const sequence = nextSequence(state);
  const rule: CreditRule = {
    id: ids.recordId({ kind: 'credit_rule', sequence, line: 0 }, instant) as CreditRuleId,
    terms: terms.value,
    createdAt: instant,
    updatedAt: instant,
    sequence,
  };
  return accept(state, command, { kind: 'credit_rule_created', rule });
}

/** Decides other terms, for what is issued from now on. */
export function decideUpdateCreditRule(state: BookState, command: UpdateCreditRule): Decision {
  const rule = state.coupons.rules.get(command.ruleId as CreditRuleId);
  if (rule === undefined || rule.deletedAt !== undefined) return refuseUnknownRule(command.ruleId);
  const { membershipTypeId } = rule.terms;
  const replaced = replaceFields(rule.terms, command.terms, command.fields);
  if ((command.terms.membershipTypeId ?? membershipTypeId) !== membershipTypeId) {
    return refuseField('terms.membership_type_id', 'never changes');
  }
  const requested = parseCreditRuleTerms({ ...replaced, membershipTypeId });
  if (requested.kind === 'refused') return requested;
  const terms = completeTerms(state, requested.value);
  if (terms.kind === 'refused') return terms;
  const changed = { ...rule, terms: terms.value, updatedAt: state.instant };
  return accept(state, command, { kind: 'credit_rule_updated', rule: changed });
}

/** Decides the end of a rule. One that is deleted answers that again. */
export function decideDeleteCreditRule(state: BookState, command: DeleteCreditRule): Decision {
  const rule = state.coupons.rules.get(command.ruleId as CreditRuleId);
  if (rule === undefined) return refuseUnknownRule(command.ruleId);
  if (rule.deletedAt !== undefined) return replayLast(state, rule.id);
  const deletedAt = state.instant;
  const deleted = { ...rule, updatedAt: deletedAt, deletedAt };
  return accept(state, command, { kind: 'credit_rule_deleted', rule: deleted });
}

/** What a rule does not say its credits are called, the coupon does. */
function completeTerms(
  state: BookState,
  requested: RequestedCreditRuleTerms,
): Parsed<CreditRuleTerms> {
  const found = findIssuableCoupon(state, requested.couponId);
  if (found.kind === 'refused') return found;
  const coupon = found.value;
  const { name, description } = coupon.terms;
  const { couponName, couponDescription, ...rest } = requested;
  const said = couponName === undefined ? (couponDescription ?? description) : couponDescription;
  return parsed({
    ...rest,
    couponId: coupon.id,
    couponName: couponName ?? name,
    ...present('couponDescription', said),
  });
}

function judgeRoom(state: BookState, { membershipTypeId }: CreditRuleTerms): Refusal | undefined {
  const inForce = rulesOfType(state.coupons, membershipTypeId).filter(
    ({ deletedAt }) => deletedAt === undefined,
  );
  if (inForce.length < ruleCountMax) return undefined;
  return refuse('CREDIT_RULE_LIMIT', 'The membership type has as many rules as it may.', {
    membership_type_id: membershipTypeId,
    count_max: String(ruleCountMax),
  });
}
