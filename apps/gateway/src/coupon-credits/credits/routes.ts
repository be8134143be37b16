// The four documented calls: list, issue, get and revoke the credits of a customer.
import type { ScripCouponClient } from '@scrip/client';
import type { App } from '../../app.ts';
import { invalidField } from '../../faults/fault.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { idOf, keyOf, namedInBody } from '../act.ts';
import { readInstant } from '../instant.ts';
import { pageRequest, presentPage } from '../paging.ts';
import { dataOf, errors, isSet, KeyHeaders, pageOf } from '../shapes.ts';
import { presentCredit } from './present.ts';
import * as schemas from './schemas.ts';

const tags = ['Coupon credits'];
const headers = KeyHeaders;
const all = '/customers/customers/:customerId/credits';
const one = `${all}/:creditId`;

export function addCreditRoutes(app: App, coupons: ScripCouponClient): void {
  addListRoute(app, coupons);
  addIssueRoute(app, coupons);
  addOneRoutes(app, coupons);
}

function addListRoute(app: App, coupons: ScripCouponClient): void {
  const response = { 200: pageOf(schemas.CreditSchema), ...errors };
  const params = schemas.CustomerParams;
  const querystring = schemas.CreditsQuery;
  app.get(
    all,
    { schema: { tags, summary: 'List', params, querystring, response } },
    async (request, reply) => {
      const { query } = request;
      const asked = {
        customerId: idOf(request.params.customerId),
        includeRedeemed: isSet(query.redeemed),
        includeExpired: isSet(query.expired),
        includeRevoked: isSet(query.revoked),
        ...(query.multi_use === undefined ? {} : { multiUse: isSet(query.multi_use) }),
        ...pageRequest(query),
      };
      const answer = await coupons.listCustomerCredits(asked, ledgerCall(request, reply));
      const items = answer.customerCredits.map(presentCredit);
      return presentPage(request, { items, total: answer.totalSize });
    },
  );
}

function addIssueRoute(app: App, coupons: ScripCouponClient): void {
  const response = { 201: dataOf(schemas.CreditSchema), ...errors };
  const params = schemas.CustomerParams;
  app.post(
    all,
    { schema: { tags, summary: 'Issue', params, headers, body: schemas.IssueBody, response } },
    async (request, reply) => {
      const { body } = request;
      const customerId = idOf(request.params.customerId);
      if (idOf(body.customer_id) !== customerId) {
        throw invalidField('customer_id', 'must be the customer of the path');
      }
      const asked = {
        customerId,
        couponId: idOf(body.coupon_id),
        ...(body.membership_id ? { membershipId: idOf(body.membership_id) } : {}),
        expiresAt: readInstant('expiry_date', body.expiry_date),
        revenue: typeof body.revenue === 'number' ? BigInt(body.revenue) : undefined,
        ...keyOf(request.headers),
      };
      const issuing = coupons.issueCustomerCredit(asked, ledgerCall(request, reply));
      const { customerCredit } = await namedInBody(issuing, {
        COUPON_NOT_FOUND: 'coupon_id',
        COUPON_DELETED: 'coupon_id',
        MEMBERSHIP_NOT_FOUND: 'membership_id',
      });
      void reply.code(201);
      return { data: presentCredit(customerCredit) };
    },
  );
}

function addOneRoutes(app: App, coupons: ScripCouponClient): void {
  const response = { 200: dataOf(schemas.CreditSchema), ...errors };
  const params = schemas.CreditParams;
  app.get(one, { schema: { tags, summary: 'Get', params, response } }, async (request, reply) => {
    const asked = creditOf(request.params);
    const answer = await coupons.getCustomerCredit(asked, ledgerCall(request, reply));
    return { data: presentCredit(answer.customerCredit) };
  });
  app.delete(
    one,
    { schema: { tags, summary: 'Revoke', params, headers, response } },
    async (request, reply) => {
      const asked = { ...creditOf(request.params), ...keyOf(request.headers) };
      const answer = await coupons.revokeCustomerCredit(asked, ledgerCall(request, reply));
      return { data: presentCredit(answer.customerCredit) };
    },
  );
}

/** The credit of a path, which is another's for every other customer. */
export function creditOf(params: { readonly customerId: string; readonly creditId: string }) {
  return { customerCreditId: idOf(params.creditId), customerId: idOf(params.customerId) };
}
