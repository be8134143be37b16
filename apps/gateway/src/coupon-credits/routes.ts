// The calls about coupons, customers' credits and memberships.
import type { FastifyError } from 'fastify';
import type { App } from '../app.ts';
import type { FacadeTools } from '../facade.ts';
import { addCodeRoutes } from './coupons/code-routes.ts';
import { addCouponRoutes } from './coupons/routes.ts';
import { addCreditRoutes } from './credits/routes.ts';
import { addMembershipRoutes } from './memberships/routes.ts';
import { addRedemptionRoutes } from './redemptions/routes.ts';
import { addRuleRoutes } from './rules/routes.ts';
import { nameAllWrongFields } from './wrong-fields.ts';

export function addRoutes(app: App, { coupons }: FacadeTools): void {
  // What is null stays null: the usual serializer would fill such fields in its own way.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  // What is thrown here goes on to the handler of all façades.
  app.setErrorHandler((error: FastifyError, request) => {
    nameAllWrongFields(error, request);
    throw error;
  });
  addCreditRoutes(app, coupons);
  addRedemptionRoutes(app, coupons);
  addCouponRoutes(app, coupons);
  addCodeRoutes(app, coupons);
  addMembershipRoutes(app, coupons);
  addRuleRoutes(app, coupons);
}
