// The calls about the codes of a coupon.
import type { ScripCouponClient } from '@scrip/client';
import type { App } from '../../app.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { idOf, keyOf, namedInBody } from '../act.ts';
import { readInstant } from '../instant.ts';
import { pageRequest, presentPage } from '../paging.ts';
import { dataOf, errors, KeyHeaders, pageOf } from '../shapes.ts';
import { presentCode } from './present.ts';
import * as schemas from './schemas.ts';

const tags = ['Coupons'];
const headers = KeyHeaders;
const params = schemas.CouponParams;
const all = '/shop/coupons/:couponId/codes';

export function addCodeRoutes(app: App, coupons: ScripCouponClient): void {
  addListRoute(app, coupons);
  addCreateRoute(app, coupons);
}

function addListRoute(app: App, coupons: ScripCouponClient): void {
  const response = { 200: pageOf(schemas.CodeSchema), ...errors };
  const querystring = schemas.CodesQuery;
  app.get(
    all,
    { schema: { tags, summary: 'List codes', params, querystring, response } },
    async (request, reply) => {
      const asked = { couponId: idOf(request.params.couponId), ...pageRequest(request.query) };
      const answer = await coupons.listCouponCodes(asked, ledgerCall(request, reply));
      const items = answer.couponCodes.map(presentCode);
      return presentPage(request, { items, total: answer.totalSize });
    },
  );
}

function addCreateRoute(app: App, coupons: ScripCouponClient): void {
  const response = { 201: dataOf(schemas.CodeSchema), ...errors };
  const body = schemas.CodeBody;
  app.post(
    all,
    {
      schema: { tags, summary: 'Make a code', params, headers, body, response },
      // All of its fields may be left out, so the body may be as well.
      preValidation: async (request) => {
        if ((request.body as unknown) === undefined) request.body = {};
      },
    },
    async (request, reply) => {
      const { code, customer_id: customerId, ...rest } = request.body;
      const asked = {
        couponId: idOf(request.params.couponId),
        code: code ?? undefined,
        validFrom: readInstant('valid_from_date', rest.valid_from_date),
        validTo: readInstant('valid_to_date', rest.valid_to_date),
        multiUse: rest.multi_use ?? false,
        ...(customerId ? { customerId: idOf(customerId) } : {}),
        ...(rest.customer_credit_id ? { customerCreditId: idOf(rest.customer_credit_id) } : {}),
        ...keyOf(request.headers),
      };
      const making = coupons.createCouponCode(asked, ledgerCall(request, reply));
      const answer = await namedInBody(making, { CUSTOMER_CREDIT_NOT_FOUND: 'customer_credit_id' });
      void reply.code(201);
      return { data: presentCode(answer.couponCode) };
    },
  );
}
