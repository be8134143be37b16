// The façade of the feed: its path, and how it says no. Its routes check who calls by themselves,
// since they take access tokens too.
import type { Facade } from '../facade.ts';
import { presentFault } from './errors.ts';

export const feed: Facade = { name: 'feed', prefix: '/v1/feed', presentFault };
