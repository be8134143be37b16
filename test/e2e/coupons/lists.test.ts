// The list of a customer's credits: what its flags show, in which order, and page by page.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type JsonObject, textAt } from '../wire/caller.ts';
import { createOffice, creditsOf, idsOf, newCustomer, openShop, type Shop } from './shop.ts';

let shop: Shop;
let office: ReturnType<typeof createOffice>;
beforeAll(async () => {
  shop = await openShop();
  office = createOffice(shop);
});
afterAll(() => shop?.stop());

/** Every state that a credit can be in, and what it is once the clock has moved. */
const states = [
  'active',
  'expired',
  'redeemed',
  'revoked',
  'redeemed, its date past',
  'revoked, its date past',
] as const;
type State = (typeof states)[number];
type Kind = 'single' | 'multi';

/** What shows a credit: nothing where it is always shown. */
const flagOf: Readonly<Record<State, string | undefined>> = {
  active: undefined,
  expired: 'expired',
  redeemed: 'redeemed',
  revoked: 'revoked',
  'redeemed, its date past': 'redeemed',
  'revoked, its date past': 'revoked',
};

describe('8.1, 8.2, 8.3 the list', () => {
  const customer = newCustomer();
  const credits = new Map<string, { readonly state: State; readonly kind: Kind }>();
  const soon = '2031-01-01T00:00:00+00:00';

  beforeAll(async () => {
    for (const kind of ['single', 'multi'] as const) {
      const coupon = await office.coupon({ multi_use: kind === 'multi' });
      for (const state of states) {
        const isPast = state.endsWith('past') || state === 'expired';
        const more: JsonObject = isPast ? { expiry_date: soon } : {};
        const id = await office.issue(customer, coupon, more);
        if (state.startsWith('redeemed')) await office.redeem(customer, id);
        if (state.startsWith('revoked')) {
          await shop.get(200, `DELETE ${creditsOf(customer)}/${id}`);
        }
        credits.set(id, { state, kind });
      }
    }
    await shop.moveTo(soon);
  });

  /** Multi-use credits are never used up: those that were used stay active, or expire. */
  function effective({ state, kind }: { readonly state: State; readonly kind: Kind }) {
    if (kind === 'single' || !state.startsWith('redeemed')) return flagOf[state];
    return state === 'redeemed' ? undefined : 'expired';
  }

  const switches = [undefined, 'false', 'true', '0', '1'];
  const rows = [0, 1].flatMap((redeemed) =>
    [0, 1].flatMap((expired) =>
      [0, 1].flatMap((revoked) =>
        [undefined, 'true', 'false'].map((multiUse) => ({ redeemed, expired, revoked, multiUse })),
      ),
    ),
  );

  it.each(rows)(
    'has what redeemed=$redeemed, expired=$expired, revoked=$revoked, multi_use=$multiUse mean',
    async ({ redeemed, expired, revoked, multiUse }) => {
      const flags = { redeemed, expired, revoked };
      const query = new URLSearchParams({ per_page: '100' });
      for (const [name, value] of Object.entries(flags)) query.set(name, String(value));
      if (multiUse !== undefined) query.set('multi_use', multiUse);
      const answer = await shop.ask(`GET ${creditsOf(customer)}?${query.toString()}`);
      const expected = [...credits].filter(([, credit]) => {
        const flag = effective(credit);
        const isIncluded = flag === undefined || flags[flag as keyof typeof flags] === 1;
        const isKept =
          multiUse === undefined || (credit.kind === 'multi') === (multiUse === 'true');
        return isIncluded && isKept;
      });
      const said = (id: string) => Object.values(credits.get(id) ?? {}).join(', ');
      expect(idsOf(answer).map(said).toSorted()).toEqual(
        expected.map(([id]) => said(id)).toSorted(),
      );
      expect(at(answer.body, 'meta', 'total')).toBe(expected.length);
    },
  );

  it('8.1 leaves out what a flag that is absent or false would add', async () => {
    const lists = await Promise.all(
      ['', '?redeemed=false&expired=0&revoked=false'].map((query) =>
        shop.ask(`GET ${creditsOf(customer)}${query}`),
      ),
    );
    const [plain = [], off] = lists.map(idsOf);
    expect(off).toEqual(plain);
    expect(plain.map((id) => effective(credits.get(id) ?? never))).toEqual(
      plain.map(() => undefined),
    );
    expect(plain).toHaveLength(3);
  });

  it('8.3 shows a redeemed credit whose date is past by redeemed, and not by expired', async () => {
    const [id] = [...credits].find(
      ([, { state, kind }]) => kind === 'single' && state === 'redeemed, its date past',
    ) ?? [''];
    const by = async (flag: string) =>
      idsOf(await shop.ask(`GET ${creditsOf(customer)}?${flag}=1`));
    expect(await by('redeemed')).toContain(id);
    expect(await by('expired')).not.toContain(id);
  });

  it.each(['redeemed', 'expired', 'revoked', 'multi_use'])(
    '8.4 takes true, false, 1 and 0 for %s, and nothing else',
    async (flag) => {
      for (const value of switches) {
        const query = value === undefined ? '' : `?${flag}=${value}`;
        expect((await shop.ask(`GET ${creditsOf(customer)}${query}`)).status).toBe(200);
      }
      for (const value of ['yes', '', 'TRUE', '2', 'null']) {
        const { status, body } = await shop.ask(`GET ${creditsOf(customer)}?${flag}=${value}`);
        expect(status).toBe(422);
        expect(Object.keys(at(body, 'errors') as JsonObject)).toEqual([flag]);
      }
    },
  );
});

const never = { state: 'revoked', kind: 'single' } as const;

describe('8.5 pages', () => {
  const customer = newCustomer();
  const path = creditsOf(customer);
  let ids: readonly string[];

  beforeAll(async () => {
    const coupon = await office.coupon();
    const issued: string[] = [];
    for (let i = 0; i < 17; i += 1) issued.push(await office.issue(customer, coupon));
    ids = issued.toReversed();
  });

  it('have 15 by default, newest first, with the numbers of a paginator', async () => {
    const first = await shop.ask(`GET ${path}`);
    expect(idsOf(first)).toEqual(ids.slice(0, 15));
    expect(Object.keys(first.body as JsonObject)).toEqual(['data', 'links', 'meta']);
    expect(at(first.body, 'meta')).toEqual({
      current_page: 1,
      from: 1,
      last_page: 2,
      path: shop.url + path,
      per_page: 15,
      to: 15,
      total: 17,
    });
    const second = await shop.ask(`GET ${path}?page=2`);
    expect(idsOf(second)).toEqual(ids.slice(15));
    expect(at(second.body, 'meta')).toMatchObject({ current_page: 2, from: 16, to: 17 });
  });

  it('are linked by whole addresses that keep the filters', async () => {
    const query = 'per_page=5&multi_use=0&redeemed=true';
    const { body } = await shop.ask(`GET ${path}?page=2&${query}`);
    const link = (page: number) => `${shop.url}${path}?page=${page}&${query}`;
    expect(at(body, 'links')).toEqual({
      first: link(1),
      last: link(4),
      prev: link(1),
      next: link(3),
    });
    const next = await fetch(textAt(body, 'links', 'next'), {
      headers: { 'x-api-key': shop.keys.all },
    });
    const { data } = (await next.json()) as { readonly data: readonly JsonObject[] };
    expect(data.map(({ id }) => id)).toEqual(ids.slice(10, 15));
  });

  it('have no links beyond the first and the last one', async () => {
    const first = await shop.ask(`GET ${path}?per_page=100`);
    expect(at(first.body, 'links')).toMatchObject({ prev: null, next: null });
    const last = await shop.ask(`GET ${path}?per_page=9&page=2`);
    expect(at(last.body, 'links', 'next')).toBeNull();
  });

  it('past the end are empty, and 200', async () => {
    const { status, body } = await shop.ask(`GET ${path}?page=3`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: [],
      links: { next: null },
      meta: { current_page: 3, from: null, to: null, last_page: 2, total: 17 },
    });
  });

  it.each([
    ['page=0', 'page'],
    ['page=-1', 'page'],
    ['page=one', 'page'],
    ['page=1.5', 'page'],
    ['page=999999', 'page'],
    ['per_page=0', 'per_page'],
    ['per_page=101', 'per_page'],
    ['per_page=', 'per_page'],
  ])('out of range are refused: %s', async (query, field) => {
    const { status, body } = await shop.ask(`GET ${path}?${query}`);
    expect(status).toBe(422);
    expect(Object.keys(at(body, 'errors') as JsonObject)).toEqual([field]);
  });

  it('8.6 have the last issued first, whatever expires when', async () => {
    const other = newCustomer();
    const coupon = await office.coupon();
    const late = await office.issue(other, coupon, { expiry_date: '2090-01-01T00:00:00Z' });
    const soon = await office.issue(other, coupon, { expiry_date: '2080-01-01T00:00:00Z' });
    const without = await office.issue(other, coupon);
    const answer = await shop.ask(`GET ${creditsOf(other)}`);
    expect(idsOf(answer)).toEqual([without, soon, late]);
  });
});
