// The façade of the commerce API. It has no routes yet: it says no to whatever nobody else owns.
import type { Facade } from '../facade.ts';
import { presentFault } from './errors.ts';

export const creemCommerce: Facade = { name: 'creem-commerce', prefix: '/', presentFault };
