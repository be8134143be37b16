// A shop that uses the official SDK: a store of its own for each test, and short words for calls.
import { Creem as Creem13 } from 'creem-1.13';
import { HTTPClient as HttpClient13 } from 'creem-1.13/lib/http.js';
import { CustomerCreditsErrorResponseDto as TypedError13 } from 'creem-1.13/models/errors';
import { Creem as Creem6 } from 'creem-1.6';
import { HTTPClient as HttpClient6 } from 'creem-1.6/lib/http.js';
import { CustomerCreditsErrorResponseDto as TypedError6 } from 'creem-1.6/models/errors';
import { Creem as Creem9 } from 'creem-1.9';
import { HTTPClient as HttpClient9 } from 'creem-1.9/lib/http.js';
import { CustomerCreditsErrorResponseDto as TypedError9 } from 'creem-1.9/models/errors';
import { beforeEach, expect } from 'vitest';
import type { GatewayServer } from './gateway-server.ts';

export type Sdk = {
  readonly version: string;
  readonly Creem: typeof Creem13;
  readonly HttpClient: typeof HttpClient13;
  readonly TypedError: typeof TypedError13;
};
type Credits = Creem13['customerCredits'];
/** A key, which is the reference too, or both. */
type Names = string | { readonly key: string; readonly reference: string };
type Posting = 'creditAccount' | 'debitAccount';

/** The one that has multi-entry transactions and reads by reference. */
export const newestSdk: Sdk = {
  version: '1.13.0',
  Creem: Creem13,
  HttpClient: HttpClient13,
  TypedError: TypedError13,
};

/** The versions differ in their types where the server cannot see it; the newest stands for all. */
export const sdks: readonly Sdk[] = [
  newestSdk,
  {
    version: '1.9.0',
    Creem: Creem9 as unknown as typeof Creem13,
    HttpClient: HttpClient9 as unknown as typeof HttpClient13,
    TypedError: TypedError9,
  },
  {
    version: '1.6.2',
    Creem: Creem6 as unknown as typeof Creem13,
    HttpClient: HttpClient6 as unknown as typeof HttpClient13,
    TypedError: TypedError6,
  },
];

/** Opens a shop before each test. */
export function useShop({ Creem, HttpClient, TypedError }: Sdk, server: () => GatewayServer) {
  let credits: Credits;
  let store: { readonly storeId: string; readonly apiKey: string };
  let last: Response;
  beforeEach(async () => {
    store = await server().createStore();
    credits = creditsOf(store.apiKey);
  });

  function creditsOf(apiKey: string): Credits {
    const httpClient = new HttpClient();
    httpClient.addHook('response', (response) => {
      last = response;
    });
    return new Creem({ apiKey, serverURL: server().url, httpClient }).customerCredits;
  }

  async function open(customerId: string, name = 'default', balance?: string): Promise<string> {
    const initial = balance === undefined ? {} : { initialBalance: balance };
    return (await credits.createAccount({ customerId, name, ...initial })).id;
  }

  const posting = (call: Posting) => (id: string, amount: string, names: Names) => {
    const both = typeof names === 'string' ? { key: names, reference: names } : names;
    return credits[call](id, { amount, reference: both.reference, idempotencyKey: both.key });
  };

  return {
    api: () => credits,
    creditsOf,
    storeId: () => store.storeId,
    open,
    credit: posting('creditAccount'),
    debit: posting('debitAccount'),
    balance: async (id: string) => (await credits.getAccountBalance(id)).balance,
    status: () => last.status,
    isReplay: () => last.headers.get('x-idempotent-replay') === 'true',
    expectConflict: async (call: Promise<unknown>, code: string): Promise<void> => {
      const error = await failure(call);
      expect(error).toBeInstanceOf(TypedError);
      expect(error).toMatchObject({ statusCode: 409, error: { code } });
    },
  };
}

/** What a call threw. */
export function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error,
  );
}
