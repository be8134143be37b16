// The calls about the rules by which memberships issue credits.
import type { ScripCouponClient } from '@scrip/client';
import type { App } from '../../app.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { idOf, keyOf, maskOf, namedInBody } from '../act.ts';
import { pageRequest, presentPage } from '../paging.ts';
import { dataOf, errors, KeyHeaders, pageOf } from '../shapes.ts';
import { presentRule } from './present.ts';
import * as schemas from './schemas.ts';
import { pathsByField, ruleTermsOf } from './terms.ts';

const tags = ['Membership credit rules'];
const headers = KeyHeaders;
const params = schemas.RuleParams;
const all = '/customers/membership-credit-rules';
const one = `${all}/:ruleId`;
const response = { 200: dataOf(schemas.RuleSchema), ...errors };
const namedCoupon = { COUPON_NOT_FOUND: 'coupon_id', COUPON_DELETED: 'coupon_id' };

export function addRuleRoutes(app: App, coupons: ScripCouponClient): void {
  addListRoute(app, coupons);
  addCreateRoute(app, coupons);
  addGetRoute(app, coupons);
  addChangeRoutes(app, coupons);
  addDeleteRoute(app, coupons);
}

function addListRoute(app: App, coupons: ScripCouponClient): void {
  const listed = { 200: pageOf(schemas.RuleSchema), ...errors };
  const querystring = schemas.RulesQuery;
  app.get(
    all,
    { schema: { tags, summary: 'List', querystring, response: listed } },
    async (request, reply) => {
      const { membership_type_id: typeId, ...page } = request.query;
      const type = typeId === undefined ? {} : { membershipTypeId: typeId };
      const asked = { ...type, ...pageRequest(page) };
      const answer = await coupons.listCreditRules(asked, ledgerCall(request, reply));
      const items = answer.creditRules.map(presentRule);
      return presentPage(request, { items, total: answer.totalSize });
    },
  );
}

function addCreateRoute(app: App, coupons: ScripCouponClient): void {
  const created = { 201: dataOf(schemas.RuleSchema), ...errors };
  const body = schemas.RuleBody;
  app.post(
    all,
    { schema: { tags, summary: 'Create', headers, body, response: created } },
    async (request, reply) => {
      const asked = { terms: ruleTermsOf(request.body), ...keyOf(request.headers) };
      const making = coupons.createCreditRule(asked, ledgerCall(request, reply));
      const { creditRule } = await namedInBody(making, namedCoupon);
      void reply.code(201);
      return { data: presentRule(creditRule) };
    },
  );
}

function addGetRoute(app: App, coupons: ScripCouponClient): void {
  app.get(one, { schema: { tags, summary: 'Get', params, response } }, async (request, reply) => {
    const asked = { creditRuleId: idOf(request.params.ruleId) };
    const { creditRule } = await coupons.getCreditRule(asked, ledgerCall(request, reply));
    return { data: presentRule(creditRule) };
  });
}

function addChangeRoutes(app: App, coupons: ScripCouponClient): void {
  const body = schemas.RuleBody;
  app.put(
    one,
    { schema: { tags, summary: 'Replace', params, headers, body, response } },
    async (request, reply) => {
      const creditRuleId = idOf(request.params.ruleId);
      const asked = { creditRuleId, terms: ruleTermsOf(request.body), ...keyOf(request.headers) };
      const changing = coupons.updateCreditRule(asked, ledgerCall(request, reply));
      const { creditRule } = await namedInBody(changing, namedCoupon);
      return { data: presentRule(creditRule) };
    },
  );
  const patch = schemas.RulePatch;
  app.patch(
    one,
    { schema: { tags, summary: 'Change', params, headers, body: patch, response } },
    async (request, reply) => {
      const asked = {
        creditRuleId: idOf(request.params.ruleId),
        terms: ruleTermsOf(request.body),
        updateMask: maskOf(request.body, pathsByField),
        ...keyOf(request.headers),
      };
      const changing = coupons.updateCreditRule(asked, ledgerCall(request, reply));
      const { creditRule } = await namedInBody(changing, namedCoupon);
      return { data: presentRule(creditRule) };
    },
  );
}

function addDeleteRoute(app: App, coupons: ScripCouponClient): void {
  app.delete(
    one,
    { schema: { tags, summary: 'Delete', params, headers, response } },
    async (request, reply) => {
      const asked = { creditRuleId: idOf(request.params.ruleId), ...keyOf(request.headers) };
      const { creditRule } = await coupons.deleteCreditRule(asked, ledgerCall(request, reply));
      return { data: presentRule(creditRule) };
    },
  );
}
