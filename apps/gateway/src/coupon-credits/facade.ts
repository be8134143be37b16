// The façade of the customer credits of a spa platform: vouchers that are issued from coupons.
import type { Facade } from '../facade.ts';
import { isBelow } from '../facade.ts';
import { presentFault } from './errors.ts';
import { addRoutes } from './routes.ts';

export const couponCredits: Facade = {
  name: 'coupon-credits',
  prefix: '/customers',
  routesPrefix: '',
  ownsToo: (path) => isBelow('/shop', path),
  namesNoStore: true,
  addRoutes,
  presentFault,
};
