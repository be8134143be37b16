// What holds for every façade: keys, bodies, unknown routes, request ids, no framework page.
import { Code } from '@connectrpc/connect';
import { afterAll, describe, expect, it } from 'vitest';
import { createFakeGateway, known, refusal } from './fake-ledger.ts';

const lines: string[] = [];
const gateway = await createFakeGateway(
  {
    listAccounts() {
      throw new Error('the disk is on fire');
    },
    getAccount() {
      throw refusal('SCOPE_MISSING', Code.PermissionDenied, { scope: 'ledger:read' });
    },
  },
  { lines },
);
afterAll(() => gateway.close());

const json = { ...known, 'content-type': 'application/json' };
const creem = '/v1/customer-credits/accounts';
const dev = '/v1/accounts/create';

describe('a key', () => {
  it.each([
    { state: 'missing on creem-credits', url: creem, headers: {}, status: 401 },
    { state: 'empty on creem-credits', url: creem, headers: { 'x-api-key': '' }, status: 401 },
    { state: 'wrong on creem-credits', url: creem, headers: { 'x-api-key': 'no' }, status: 403 },
    {
      state: 'wrong as bearer on creem-credits',
      url: creem,
      headers: { authorization: 'Bearer no' },
      status: 403,
    },
    {
      state: 'impossible on creem-credits',
      url: creem,
      headers: { 'x-api-key': 'ü'.repeat(300) },
      status: 403,
    },
    { state: 'missing on credits-dev', url: dev, headers: {}, status: 401 },
    { state: 'wrong on credits-dev', url: dev, headers: { 'x-api-key': 'no' }, status: 401 },
  ])('$state is refused before the body is read', async ({ url, headers, status }) => {
    const answer = await gateway.inject({ method: 'POST', url, headers, payload: '{' });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toHaveProperty('error.code');
  });

  it('is taken as a bearer token too', async () => {
    const headers = { authorization: `bearer ${known['x-api-key']}` };
    const answer = await gateway.inject({ method: 'POST', url: creem, headers, payload: {} });
    expect(answer.statusCode).toBe(400);
  });

  it('without the scope is 403', async () => {
    const answer = await gateway.inject({ url: `${creem}/cca_1`, headers: known });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toHaveProperty('error.code', 'api_key_scope_missing');
  });
});

describe('a bad body', () => {
  const tooLarge = JSON.stringify({ a: 'x'.repeat(1024 * 1024) });
  it.each([
    { is: 'malformed JSON', body: { payload: '{' }, headers: json, status: 400 },
    {
      is: 'no JSON',
      body: { payload: 'a=b' },
      headers: { ...known, 'content-type': 'text/plain' },
      status: 415,
    },
    {
      is: 'compressed',
      body: { payload: '{}' },
      headers: { ...json, 'content-encoding': 'gzip' },
      status: 415,
    },
    { is: 'over 1 MiB', body: { payload: tooLarge }, headers: json, status: 413 },
    { is: 'absent', body: {}, headers: known, status: 400 },
    { is: 'null', body: { payload: 'null' }, headers: json, status: 400 },
    { is: 'a list', body: { payload: '[]' }, headers: json, status: 400 },
  ])('($is) gets the error body of the façade', async ({ body, headers, status }) => {
    const atCreem = await gateway.inject({ method: 'POST', url: creem, headers, ...body });
    expect(atCreem.statusCode).toBe(status);
    expect(atCreem.json()).toMatchObject({
      error: { type: 'invalid_request_error', request_id: atCreem.headers['x-request-id'] },
    });
    const atDev = await gateway.inject({ method: 'POST', url: dev, headers, ...body });
    expect(atDev.statusCode).toBe(status);
    expect(atDev.json()).toHaveProperty('success', false);
    expect(atDev.json()).toHaveProperty('error.code');
  });
});

describe('an unknown route', () => {
  it('under /v1 and elsewhere has format 1', async () => {
    for (const url of ['/v1/nope', '/', '/v1/accountsx', '/nope?x=1']) {
      const answer = await gateway.inject({ method: 'POST', url, payload: '{' });
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toEqual({
        trace_id: answer.headers['x-request-id'],
        status: 404,
        error: 'Not Found',
        message: [expect.stringContaining(`There is no POST ${url.split('?')[0]}`)],
        timestamp: 1_700_000_000_000,
      });
    }
  });

  it('of a façade has its own error body, unsupported methods included', async () => {
    const deleted = await gateway.inject({ method: 'DELETE', url: creem, headers: known });
    expect(deleted.statusCode).toBe(404);
    expect(deleted.json()).toHaveProperty('error.code', 'route_not_found');
    const unknown = await gateway.inject({ url: '/v1/accounts/nope', headers: known });
    expect(unknown.json()).toMatchObject({ success: false, error: { code: 'not_found' } });
  });

  it.each([
    '/v1/reservations/create',
    '/v1/plans/search?limit=1',
    '/v1/transactions/create',
    '/v1/accounts/plans/assign',
  ])('of the Accounts API that is not served, %s, has its error body', async (url) => {
    const answer = await gateway.inject({ url, headers: known });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ success: false, error: { code: 'not_found' } });
  });

  it.each(['/v1/transactions?transaction_id=1', '/v1/transactions/search', '/v1/plansx'])(
    'of the commerce API, %s, has format 1',
    async (url) => {
      const answer = await gateway.inject({ url, headers: known });
      expect(answer.json()).toHaveProperty('trace_id');
    },
  );

  it.each([
    ['%zz', 400],
    ['x'.repeat(300), 404],
    ['%00', 404],
    ['a b'.replace(' ', '%20'), 404],
  ])('with the odd id %s is never a framework page', async (id, status) => {
    const answer = await gateway.inject({ url: `${creem}/${id}`, headers: known });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toHaveProperty('error.request_id');
  });
});

it.each([
  ['/v1/%63ustomer-credits/nope', 404, { error: { code: 'route_not_found' } }],
  ['/v1/%61ccounts/get', 400, { success: false }],
  ['/v1/%70lans/nope', 404, { success: false }],
  ['/%63ustomers/customers/nope/credits', 404, { code: 'resource_not_found' }],
  ['/%73hop/nope', 404, { code: 'route_unknown' }],
  ['/v1/transaction%73?transaction_id=1', 404, { error: 'Not Found' }],
])(
  '%s, with encoded letters, has the error body of the façade that it leads to',
  async (url, status, body) => {
    const answer = await gateway.inject({ url, headers: known });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject(body);
  },
);

describe('a bug', () => {
  it('is shown as nothing and logged whole', async () => {
    const headers = { ...known, 'x-request-id': 'a-bug' };
    const answer = await gateway.inject({ url: creem, headers });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/fire|stack|\.ts/);
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told).toContainEqual(
      expect.objectContaining({ request_id: 'a-bug', msg: 'a request failed unexpectedly' }),
    );
  });

  it('never logs the key', () => {
    expect(lines.join('')).not.toContain(known['x-api-key']);
  });
});

describe('the request id', () => {
  it('is the sane one that was sent', async () => {
    const id = 'shop/1:a+b=@my-id.x_y';
    const answer = await gateway.inject({ url: '/v1/nope', headers: { 'x-request-id': id } });
    expect(answer.headers['x-request-id']).toBe(id);
    expect(answer.json()).toHaveProperty('trace_id', id);
  });

  it('is made when the one that was sent is not sane', async () => {
    const headers = { 'x-request-id': 'a b\u00e9' };
    const answer = await gateway.inject({ url: '/healthz', headers });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the gateway’s own paths', () => {
  it('say that it is alive and ready', async () => {
    expect((await gateway.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' });
    expect((await gateway.inject({ url: '/readyz' })).statusCode).toBe(200);
  });

  it('say that it is not ready, also when nobody can tell', async () => {
    const no = await createFakeGateway({}, { ready: async () => false });
    expect((await no.inject({ url: '/readyz' })).statusCode).toBe(503);
    const unsure = await createFakeGateway({}, { ready: () => Promise.reject(new Error('?')) });
    expect((await unsure.inject({ url: '/readyz' })).json()).toEqual({ status: 'unavailable' });
  });
});
