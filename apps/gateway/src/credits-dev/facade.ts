// The façade of the Accounts API.
import type { Facade } from '../facade.ts';
import { presentFault } from './errors.ts';
import { addRoutes } from './routes.ts';

export const creditsDev: Facade = {
  name: 'credits-dev',
  prefix: '/v1/accounts',
  addRoutes,
  presentFault,
};
