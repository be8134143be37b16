// The calls of the Accounts API.
import type { App } from '../app.ts';
import type { FacadeTools } from '../facade.ts';
import { addAccountRoutes } from './accounts/routes.ts';
import { addCreditRoutes } from './credits/routes.ts';
import { addPlanRoutes } from './plans/routes.ts';
import { addReservationRoutes } from './reservations/routes.ts';
import { addTransactionRoutes } from './transactions/routes.ts';

export function addRoutes(app: App, tools: FacadeTools): void {
  // JSON.stringify writes numbers of any size digit by digit; the usual serializer would not.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  addAccountRoutes(app, tools);
  addCreditRoutes(app, tools);
  addReservationRoutes(app, tools);
  addTransactionRoutes(app, tools);
  addPlanRoutes(app, tools);
}
