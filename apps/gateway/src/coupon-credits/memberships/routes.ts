// The calls about memberships.
import type { ScripCouponClient } from '@scrip/client';
import { MembershipStatus } from '@scrip/contract/coupons';
import type { App } from '../../app.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { idOf, keyOf, neededKeyOf } from '../act.ts';
import { readInstant } from '../instant.ts';
import { pageRequest, presentPage } from '../paging.ts';
import { dataOf, errors, KeyHeaders, pageOf } from '../shapes.ts';
import { membershipStatuses } from '../words.ts';
import { presentIssued, presentMembership } from './present.ts';
import * as schemas from './schemas.ts';

const tags = ['Memberships'];
const headers = KeyHeaders;
const params = schemas.MembershipParams;
const all = '/customers/memberships';
const one = `${all}/:membershipId`;
const response = { 200: dataOf(schemas.MembershipSchema), ...errors };

const statusesByVerb = {
  cancel: MembershipStatus.CANCELLED,
  suspend: MembershipStatus.INACTIVE,
  resume: MembershipStatus.ACTIVE,
};

export function addMembershipRoutes(app: App, coupons: ScripCouponClient): void {
  addListRoute(app, coupons);
  addCreateRoute(app, coupons);
  addGetRoute(app, coupons);
  addStatusRoutes(app, coupons);
  addIssueRoutes(app, coupons);
}

function addListRoute(app: App, coupons: ScripCouponClient): void {
  const listed = { 200: pageOf(schemas.MembershipSchema), ...errors };
  const querystring = schemas.MembershipsQuery;
  app.get(
    all,
    { schema: { tags, summary: 'List', querystring, response: listed } },
    async (request, reply) => {
      const { customer_id: customerId, membership_type_id: typeId, ...page } = request.query;
      const asked = {
        ...(customerId === undefined ? {} : { customerId: idOf(customerId) }),
        ...(typeId === undefined ? {} : { membershipTypeId: typeId }),
        ...pageRequest(page),
      };
      const answer = await coupons.listMemberships(asked, ledgerCall(request, reply));
      const items = answer.memberships.map(presentMembership);
      return presentPage(request, { items, total: answer.totalSize });
    },
  );
}

function addCreateRoute(app: App, coupons: ScripCouponClient): void {
  const created = { 201: dataOf(schemas.MembershipSchema), ...errors };
  const body = schemas.MembershipBody;
  app.post(
    all,
    { schema: { tags, summary: 'Create', headers, body, response: created } },
    async (request, reply) => {
      const { customer_id: customerId, membership_type_id: typeId, status } = request.body;
      const asked = {
        customerId: idOf(customerId),
        membershipTypeId: typeId,
        ...(status ? { status: membershipStatuses.valueOf(status) } : {}),
        anchor: readInstant('anchor', request.body.anchor),
        ...keyOf(request.headers),
      };
      const { membership } = await coupons.createMembership(asked, ledgerCall(request, reply));
      void reply.code(201);
      return { data: presentMembership(membership) };
    },
  );
}

function addGetRoute(app: App, coupons: ScripCouponClient): void {
  app.get(one, { schema: { tags, summary: 'Get', params, response } }, async (request, reply) => {
    const asked = { membershipId: idOf(request.params.membershipId) };
    const { membership } = await coupons.getMembership(asked, ledgerCall(request, reply));
    return { data: presentMembership(membership) };
  });
}

function addStatusRoutes(app: App, coupons: ScripCouponClient): void {
  const body = schemas.StatusBody;
  app.patch(
    one,
    { schema: { tags, summary: 'Set the status', params, headers, body, response } },
    async (request, reply) => {
      const membershipId = idOf(request.params.membershipId);
      const status = membershipStatuses.valueOf(request.body.status);
      const asked = { membershipId, status, ...keyOf(request.headers) };
      const { membership } = await coupons.setMembershipStatus(asked, ledgerCall(request, reply));
      return { data: presentMembership(membership) };
    },
  );
  for (const [verb, status] of Object.entries(statusesByVerb)) {
    const summary = `${verb[0]?.toUpperCase()}${verb.slice(1)}`;
    app.post(
      `${one}/${verb}`,
      { schema: { tags, summary, params, headers, response } },
      async (request, reply) => {
        const membershipId = idOf(request.params.membershipId);
        const asked = { membershipId, status, ...keyOf(request.headers) };
        const { membership } = await coupons.setMembershipStatus(asked, ledgerCall(request, reply));
        return { data: presentMembership(membership) };
      },
    );
  }
}

function addIssueRoutes(app: App, coupons: ScripCouponClient): void {
  const issued = dataOf(schemas.IssuedSchema);
  const body = schemas.ChargeBody;
  const charged = { 201: issued, ...errors };
  app.post(
    `${one}/charges`,
    { schema: { tags, summary: 'Note a charge', params, headers, body, response: charged } },
    async (request, reply) => {
      const asked = {
        membershipId: idOf(request.params.membershipId),
        nextChargeAt: readInstant('next_charge_at', request.body?.next_charge_at),
        ...neededKeyOf(request.headers, request.body),
      };
      const answer = await coupons.noteMembershipCharge(asked, ledgerCall(request, reply));
      void reply.code(201);
      return { data: presentIssued(answer) };
    },
  );
  const summary = 'Issue what is missing';
  app.post(
    `${one}/issue-credits`,
    { schema: { tags, summary, params, headers, response: { 200: issued, ...errors } } },
    async (request, reply) => {
      const membershipId = idOf(request.params.membershipId);
      const asked = { membershipId, ...keyOf(request.headers) };
      const answer = await coupons.issueMissingCredits(asked, ledgerCall(request, reply));
      return { data: presentIssued(answer) };
    },
  );
}
