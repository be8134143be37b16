// The façade of the Accounts API.
import type { Facade } from '../facade.ts';
import { isBelow } from '../facade.ts';
import { presentFault } from './errors.ts';
import { isPlan } from './plans/plan.ts';
import { addRoutes } from './routes.ts';

export const creditsDev: Facade = {
  name: 'credits-dev',
  prefix: '/v1/accounts',
  routesPrefix: '/v1',
  ownsToo,
  addRoutes,
  keeps: isPlan,
  presentFault,
};

const otherPrefixes = ['/v1/reservations', '/v1/plans', '/v1/transactions/create'];

/** The one path that both have is the commerce API's when it is asked for one transaction. */
function ownsToo(path: string, query: URLSearchParams): boolean {
  if (path === '/v1/transactions') return !query.has('transaction_id');
  return otherPrefixes.some((prefix) => isBelow(prefix, path));
}
