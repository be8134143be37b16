// A server with a spa's shop in it: calls over REST as its till and its office make them, keys of
// fewer rights and of another store, and a clock that can be moved.

import { expect } from 'vitest';
import { moveClockTo, startTermsWorld, there } from '../terms-world.ts';
import { type Json, type JsonObject, textAt } from '../wire/caller.ts';

export type Answer = {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
  /** As it was sent. */
  readonly text: string;
};

type AskOptions = {
  /** Default: all rights, of the first store. An empty text sends none. */
  readonly apiKey?: string;
  /** The `Idempotency-Key`. */
  readonly key?: string;
};

/** Asks, and never throws for a refusal: `ask('POST /shop/coupons', {...})`. */
export type Ask = (what: string, body?: Json, options?: AskOptions) => Promise<Answer>;

export type Shop = {
  readonly url: string;
  readonly ask: Ask;
  /** As `ask`, for an answer that has to have this status; gives what is below `data`. */
  readonly get: (
    status: number,
    what: string,
    ...rest: readonly [Json?, AskOptions?]
  ) => Promise<JsonObject>;
  readonly keys: { readonly all: string; readonly reading: string; readonly other: string };
  /** A key with these scopes alone. */
  readonly makeKey: (...scopes: readonly string[]) => Promise<string>;
  /** Moves the clock of the book to an instant at the least; answers what it shows. */
  readonly moveTo: (instant: string) => Promise<number>;
  readonly verify: () => Promise<{
    readonly exitCode: number | undefined;
    readonly stdout: string;
  }>;
  readonly stop: () => Promise<void>;
};

/** Opens it. */
export async function openShop(): Promise<Shop> {
  const world = await startTermsWorld();
  const [server] = world.servers;
  const { scrip, admin } = server;
  const { test, operator } = scrip.keys();
  const makeKey = async (...scopes: readonly string[]): Promise<string> => {
    const { apiKey } = await admin.createApiKey({ name: scopes.join(), scopes: [...scopes] });
    return apiKey;
  };
  const asOperator = { apiKey: operator.api_key };
  const other = await admin.createStore({ name: 'another spa' }, asOperator);
  const ask = createAsk(scrip.gatewayUrl, test.api_key);
  return {
    url: scrip.gatewayUrl,
    ask,
    async get(status, what, ...rest) {
      const answer = await ask(what, ...rest);
      expect({ what, status: answer.status, body: answer.body }).toMatchObject({ what, status });
      return (answer.body as { readonly data: JsonObject }).data;
    },
    keys: {
      all: test.api_key,
      reading: await makeKey('coupons:read'),
      other: there(other.test).apiKey,
    },
    makeKey,
    moveTo: (instant) => moveClockTo(server, Date.parse(instant)),
    verify: async () => world.verify(),
    stop: world.stop,
  };
}

function createAsk(url: string, usualKey: string): Ask {
  return async (what, body, { apiKey = usualKey, key } = {}) => {
    const [method = 'GET', path = '/'] = what.split(' ');
    const response = await fetch(url + path, {
      method,
      headers: {
        accept: 'application/json',
        ...(apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, text, body: JSON.parse(text) as Json };
  };
}

/** A customer nobody has named before. */
export function newCustomer(): string {
  return crypto.randomUUID();
}

/** What most stories need: coupons, and their credits. */
export function createOffice({ get }: Pick<Shop, 'get'>) {
  return {
    coupon: async (terms: JsonObject = {}): Promise<string> => {
      const free = { name: 'Massage', type: 'percentage', percentage: 100 };
      return textAt(await get(201, 'POST /shop/coupons', { ...free, ...terms }), 'id');
    },
    issue: async (customer: string, coupon: string, more: JsonObject = {}): Promise<string> => {
      const body = { coupon_id: coupon, customer_id: customer, ...more };
      return textAt(await get(201, `POST ${creditsOf(customer)}`, body), 'id');
    },
    redeem: async (customer: string, credit: string, more: JsonObject = {}): Promise<string> => {
      const body = { reference: 'order-1', ...more };
      const path = `POST ${creditsOf(customer)}/${credit}/redeem`;
      return textAt(await get(201, path, body), 'id');
    },
  };
}

export function creditsOf(customer: string): string {
  return `/customers/customers/${customer}/credits`;
}

/** The ids of a list, in its order. */
export function idsOf({ body }: Answer): readonly string[] {
  const { data } = body as { readonly data: readonly { readonly id: string }[] };
  return data.map(({ id }) => id);
}
