// The calls about coupons.
import type { ScripCouponClient } from '@scrip/client';
import { RedemptionType } from '@scrip/contract/coupons';
import type { App } from '../../app.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { idOf, keyOf, maskOf } from '../act.ts';
import { pageRequest, presentPage } from '../paging.ts';
import { dataOf, errors, isSet, KeyHeaders, pageOf } from '../shapes.ts';
import { presentCoupon } from './present.ts';
import * as schemas from './schemas.ts';
import { pathsByField, termsOf } from './terms.ts';

const tags = ['Coupons'];
const headers = KeyHeaders;
const params = schemas.CouponParams;
const one = '/shop/coupons/:couponId';
const response = { 200: dataOf(schemas.CouponSchema), ...errors };

/** Left out, only those that a person redeems are listed. */
const typesByWord = {
  manual: RedemptionType.MANUAL,
  credit: RedemptionType.CREDIT,
  all: RedemptionType.UNSPECIFIED,
};

export function addCouponRoutes(app: App, coupons: ScripCouponClient): void {
  addListRoute(app, coupons);
  addCreateRoute(app, coupons);
  addGetRoute(app, coupons);
  addChangeRoutes(app, coupons);
  addDeleteRoutes(app, coupons);
}

function addListRoute(app: App, coupons: ScripCouponClient): void {
  const listed = { 200: pageOf(schemas.CouponSchema), ...errors };
  const querystring = schemas.CouponsQuery;
  app.get(
    '/shop/coupons',
    { schema: { tags, summary: 'List', querystring, response: listed } },
    async (request, reply) => {
      const { query } = request;
      const asked = {
        redemptionType: typesByWord[query.redemption_type ?? 'manual'],
        includeDeleted: isSet(query.deleted),
        ...pageRequest(query),
      };
      const answer = await coupons.listCoupons(asked, ledgerCall(request, reply));
      const items = answer.coupons.map(presentCoupon);
      return presentPage(request, { items, total: answer.totalSize });
    },
  );
}

function addCreateRoute(app: App, coupons: ScripCouponClient): void {
  const created = { 201: dataOf(schemas.CouponSchema), ...errors };
  const body = schemas.CouponBody;
  app.post(
    '/shop/coupons',
    { schema: { tags, summary: 'Create', headers, body, response: created } },
    async (request, reply) => {
      const asked = { terms: termsOf(request.body), ...keyOf(request.headers) };
      const { coupon } = await coupons.createCoupon(asked, ledgerCall(request, reply));
      void reply.code(201);
      return { data: presentCoupon(coupon) };
    },
  );
}

function addGetRoute(app: App, coupons: ScripCouponClient): void {
  app.get(one, { schema: { tags, summary: 'Get', params, response } }, async (request, reply) => {
    const asked = { couponId: idOf(request.params.couponId) };
    const { coupon } = await coupons.getCoupon(asked, ledgerCall(request, reply));
    return { data: presentCoupon(coupon) };
  });
}

function addChangeRoutes(app: App, coupons: ScripCouponClient): void {
  const body = schemas.CouponBody;
  app.put(
    one,
    { schema: { tags, summary: 'Replace', params, headers, body, response } },
    async (request, reply) => {
      const couponId = idOf(request.params.couponId);
      const asked = { couponId, terms: termsOf(request.body), ...keyOf(request.headers) };
      const { coupon } = await coupons.updateCoupon(asked, ledgerCall(request, reply));
      return { data: presentCoupon(coupon) };
    },
  );
  const patch = schemas.CouponPatch;
  app.patch(
    one,
    { schema: { tags, summary: 'Change', params, headers, body: patch, response } },
    async (request, reply) => {
      const asked = {
        couponId: idOf(request.params.couponId),
        terms: termsOf(request.body),
        updateMask: maskOf(request.body, pathsByField),
        ...keyOf(request.headers),
      };
      const { coupon } = await coupons.updateCoupon(asked, ledgerCall(request, reply));
      return { data: presentCoupon(coupon) };
    },
  );
}

function addDeleteRoutes(app: App, coupons: ScripCouponClient): void {
  app.delete(
    one,
    { schema: { tags, summary: 'Delete', params, headers, response } },
    async (request, reply) => {
      const asked = { couponId: idOf(request.params.couponId), ...keyOf(request.headers) };
      const { coupon } = await coupons.deleteCoupon(asked, ledgerCall(request, reply));
      return { data: presentCoupon(coupon) };
    },
  );
  app.post(
    `${one}/restore`,
    { schema: { tags, summary: 'Restore', params, headers, response } },
    async (request, reply) => {
      const asked = { couponId: idOf(request.params.couponId), ...keyOf(request.headers) };
      const { coupon } = await coupons.restoreCoupon(asked, ledgerCall(request, reply));
      return { data: presentCoupon(coupon) };
    },
  );
}
