// The façade of the Customer Credits API.
import type { Facade } from '../facade.ts';
import { presentFault } from './errors.ts';
import { addRoutes } from './routes.ts';

export const creemCredits: Facade = {
  name: 'creem-credits',
  prefix: '/v1/customer-credits',
  addRoutes,
  presentFault,
};
