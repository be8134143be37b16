// The calls about uses of credits: redeem, list, reverse. They are this service's own.
import type { ScripCouponClient } from '@scrip/client';
import type { Static } from 'typebox';
import type { App } from '../../app.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { idOf, keyOf, neededKeyOf } from '../act.ts';
import { creditOf } from '../credits/routes.ts';
import { CreditParams } from '../credits/schemas.ts';
import { pageRequest, presentPage } from '../paging.ts';
import { dataOf, errors, KeyHeaders, pageOf } from '../shapes.ts';
import { offeringTypes, weekdays } from '../words.ts';
import { presentRedemption, presentUse } from './present.ts';
import * as schemas from './schemas.ts';

const tags = ['Coupon credits'];
const headers = KeyHeaders;
const credit = '/customers/customers/:customerId/credits/:creditId';

export function addRedemptionRoutes(app: App, coupons: ScripCouponClient): void {
  addRedeemRoute(app, coupons);
  addListRoute(app, coupons);
  addReverseRoute(app, coupons);
}

function addRedeemRoute(app: App, coupons: ScripCouponClient): void {
  const response = { 201: dataOf(schemas.UseSchema), ...errors };
  const body = schemas.RedeemBody;
  app.post(
    `${credit}/redeem`,
    { schema: { tags, summary: 'Redeem', params: CreditParams, headers, body, response } },
    async (request, reply) => {
      const asked = {
        ...creditOf(request.params),
        ...useOf(request.body),
        ...neededKeyOf(request.headers, request.body),
      };
      const answer = await coupons.redeemCustomerCredit(asked, ledgerCall(request, reply));
      void reply.code(201);
      return { data: presentUse(answer) };
    },
  );
}

function useOf(body: Static<typeof schemas.RedeemBody>) {
  const { reference, amount, offering, weekday, lead_booker: leadBooker } = body;
  return {
    reference,
    amount: typeof amount === 'number' ? BigInt(amount) : undefined,
    ...(offering && {
      offering: { type: offeringTypes.valueOf(offering.type), id: offering.id },
    }),
    ...(weekday && { weekday: weekdays.valueOf(weekday) }),
    isGuest: leadBooker === false,
  };
}

function addListRoute(app: App, coupons: ScripCouponClient): void {
  const response = { 200: pageOf(schemas.RedemptionSchema), ...errors };
  const querystring = schemas.RedemptionsQuery;
  app.get(
    `${credit}/redemptions`,
    { schema: { tags, summary: 'List uses', params: CreditParams, querystring, response } },
    async (request, reply) => {
      const asked = { ...creditOf(request.params), ...pageRequest(request.query) };
      const answer = await coupons.listRedemptions(asked, ledgerCall(request, reply));
      const items = answer.redemptions.map(presentRedemption);
      return presentPage(request, { items, total: answer.totalSize });
    },
  );
}

function addReverseRoute(app: App, coupons: ScripCouponClient): void {
  const response = { 200: dataOf(schemas.UseSchema), ...errors };
  const params = schemas.RedemptionParams;
  app.post(
    `${credit}/redemptions/:redemptionId/reverse`,
    { schema: { tags, summary: 'Undo a use', params, headers, response } },
    async (request, reply) => {
      const asked = {
        redemptionId: idOf(request.params.redemptionId),
        ...creditOf(request.params),
        ...keyOf(request.headers),
      };
      const answer = await coupons.reverseRedemption(asked, ledgerCall(request, reply));
      return { data: presentUse(answer) };
    },
  );
}
