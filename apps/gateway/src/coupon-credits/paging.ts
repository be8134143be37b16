// Pages by their number, as the paginator of the platform's framework writes them.
import type { FastifyRequest } from 'fastify';
import { invalidField } from '../faults/fault.ts';
import { pathOf } from '../facade.ts';
import { known } from '../known.ts';

export type PageQuery = { readonly page: number; readonly per_page: number };

/** How many the ledger passes over at most. */
const skipMax = 100_000;

/** The page as the ledger is asked for it. */
export function pageRequest({ page, per_page: pageSize }: PageQuery) {
  const skip = (page - 1) * pageSize;
  if (skip > skipMax) throw invalidField('page', `must begin within the first ${skipMax} of them`);
  return { pageSize, skip, countTotal: true };
}

type Asked = Pick<FastifyRequest, 'protocol' | 'host' | 'url' | 'publicUrl'> & {
  readonly query: PageQuery;
};
type Page<Item> = { readonly items: Item[]; readonly total: bigint | undefined };

/** The page as it is shown. Its links are absolute, and keep the filters. */
export function presentPage<Item>(request: Asked, { items, total: counted }: Page<Item>) {
  const { page, per_page: perPage } = request.query;
  const total = Number(known(counted));
  const lastPage = Math.max(1, Math.ceil(total / perPage));
  const before = (page - 1) * perPage;
  const isEmpty = items.length === 0;
  return {
    data: items,
    links: {
      first: linkOf(request, 1),
      last: linkOf(request, lastPage),
      prev: page === 1 ? null : linkOf(request, page - 1),
      next: page < lastPage ? linkOf(request, page + 1) : null,
    },
    meta: {
      current_page: page,
      from: isEmpty ? null : before + 1,
      last_page: lastPage,
      path: addressOf(request),
      per_page: perPage,
      to: isEmpty ? null : before + items.length,
      total,
    },
  };
}

function linkOf(request: Asked, page: number): string {
  const query = new URLSearchParams(/\?([^#]*)/.exec(request.url)?.[1]);
  query.set('page', String(page));
  return `${addressOf(request)}?${query.toString()}`;
}

function addressOf({ publicUrl, protocol, host, url }: Asked): string {
  return `${publicUrl ?? `${protocol}://${host}`}${pathOf(url)}`;
}
