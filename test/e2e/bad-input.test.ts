// Everything a caller can get wrong: each façade says so in its own shape, and nothing breaks.

import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScripOnTestCluster, startScripOnTestCluster } from './scrip-on-test-cluster.ts';
import { makeSecondStore, type SecondStore } from './second-store.ts';
import { type Caller, type Json, textAt } from './wire/caller.ts';
import { createConnectCaller, postConnect } from './wire/connect-caller.ts';
import { type FacadeName, findFlaws, findLeaks } from './wire/error-shape.ts';
import { createRestCaller, type RestCaller, type RestRequest } from './wire/rest-caller.ts';
import { succeeding } from './wire/transcript.ts';

type Wrong = readonly [title: string, status: number, path: string, request?: RestRequest];

const accounts = '/v1/customer-credits/accounts';
const transactions = '/v1/customer-credits/transactions';
const unknownId = 'cca_00000000000';
const posting = { amount: '1', reference: 'r', idempotency_key: 'bad-input' };
const tooLarge = JSON.stringify({ customer_id: 'x'.repeat(1_100_000) });
const longText = 'x'.repeat(256);

let scrip: ScripOnTestCluster;
let rest: RestCaller;
let connect: Caller;
let second: SecondStore;
/** An account of the first store in test mode with two entries, and what belongs to it. */
let mine: { readonly path: string; readonly entryId: string; readonly transactionId: string };
let another: typeof mine;

beforeAll(async () => {
  scrip = await startScripOnTestCluster();
  const key = scrip.keys().test.api_key;
  rest = createRestCaller(scrip.gatewayUrl, key);
  connect = createConnectCaller(scrip.ledgerUrl, key);
  second = await makeSecondStore(scrip.databaseUrl, scrip.keys().store_id);
  mine = await openAccount('mine');
  another = await openAccount('another');
});

afterAll(() => scrip?.stop());

const creemCredits: readonly Wrong[] = [
  ['malformed JSON', 400, accounts, { body: '{"customer_id":' }],
  ['no JSON at all', 400, accounts, { body: 'customer_id=ada' }],
  ['a body that is a list', 400, accounts, { body: [] }],
  ['a body that is a text', 400, accounts, { body: '"ada"' }],
  ['a body that is null', 400, accounts, { body: 'null' }],
  ['an empty body', 400, accounts, { body: '' }],
  ['no body', 400, accounts, { method: 'POST' }],
  [
    'another content type',
    415,
    accounts,
    { body: '<a/>', headers: { 'content-type': 'text/xml' } },
  ],
  ['a missing field', 400, accounts, { body: { name: 'x' } }],
  ['a number for a text', 400, accounts, { body: { customer_id: 5 } }],
  ['null for a text', 400, accounts, { body: { customer_id: null } }],
  ['an object for a text', 400, accounts, { body: { customer_id: {} } }],
  ['an empty customer', 400, accounts, { body: { customer_id: '' } }],
  ['a customer that is too long', 400, accounts, { body: { customer_id: longText } }],
  ['a NUL in a text', 400, accounts, { body: '{"customer_id":"a\\u0000b"}' }],
  ['half a character', 400, accounts, { body: '{"customer_id":"a\\ud800"}' }],
  ['a name that is too long', 400, accounts, { body: { customer_id: 'a', name: longText } }],
  ['an empty name', 400, accounts, { body: { customer_id: 'a', name: '' } }],
  ['a blank unit', 400, accounts, { body: { customer_id: 'a', unit_label: ' ' } }],
  ['a negative opening', 400, accounts, { body: { customer_id: 'a', initial_balance: '-5' } }],
  ['a huge body', 413, accounts, { body: tooLarge }],
  ['entries that are no list', 400, transactions, { body: { ...posting, entries: {} } }],
  ['a single entry', 400, transactions, { body: { ...posting, entries: [{}] } }],
  ['a strange side', 400, transactions, { body: { ...posting, entries: entriesOf('up', 'down') } }],
  [
    'entries without accounts',
    404,
    transactions,
    {
      body: { ...posting, entries: entriesOf('debit', 'credit') },
    },
  ],
  ['no reference to find by', 400, transactions],
  ['an unknown transaction', 404, `${transactions}/cct_00000000000`],
  ['an id that is none', 404, `${transactions}/nonsense`],
  [
    'reversing an unknown transaction',
    404,
    `${transactions}/cct_00000000000/reverse`,
    {
      method: 'POST',
    },
  ],
  ['an unknown account', 404, `${accounts}/${unknownId}`],
  ['crediting an unknown account', 404, `${accounts}/${unknownId}/credit`, { body: posting }],
  ['freezing an unknown account', 404, `${accounts}/${unknownId}/freeze`, { method: 'POST' }],
  ['an id that is very long', 404, `${accounts}/cca_${'0'.repeat(5000)}`],
  ['a path that is not encoded', 400, `${accounts}/%zz`],
  ['a limit of 0', 400, `${accounts}?limit=0`],
  ['a limit of 101', 400, `${accounts}?limit=101`],
  ['a limit that is no number', 400, `${accounts}?limit=ten`],
  ['both cursors', 400, `${accounts}?starting_after=a&ending_before=b`],
  ['an unknown cursor', 400, `${accounts}?starting_after=${unknownId}`],
  ['a cursor of another kind', 400, `${accounts}?starting_after=cct_00000000000`],
  ['an unknown route', 404, '/v1/customer-credits/nothing/here'],
  ['an unknown verb', 404, accounts, { method: 'DELETE' }],
  ['no key', 401, accounts, { apiKey: '' }],
  ['an unknown key', 403, accounts, { apiKey: 'scrip_test_unknown' }],
  ['a key of a plausible form', 403, accounts, { apiKey: `scrip_test_${'A'.repeat(43)}` }],
  ['a key that is not ASCII', 403, accounts, { apiKey: 'schlüssel' }],
];

const longAgo = '2020-01-01T00:00:00Z';
const planBody = { name: 'a', amount: 1, interval: 'month' };
/** A body of the Accounts API for an account that has 2. */
function mineWith(body: object): object {
  return { accountId: 'mine', amount: 1, ...body };
}

const creditsDev: readonly Wrong[] = [
  ['malformed JSON', 400, '/v1/accounts/create', { body: '{' }],
  ['a body that is a list', 400, '/v1/accounts/create', { body: [1] }],
  ['neither name nor id', 400, '/v1/accounts/create', { body: {} }],
  ['a number for a name', 400, '/v1/accounts/create', { body: { name: 5 } }],
  ['metadata that is a list', 400, '/v1/accounts/create', { body: { name: 'a', metadata: [] } }],
  ['a reserved id', 400, '/v1/accounts/create', { body: { externalId: 'acc_1' } }],
  ['a huge body', 413, '/v1/accounts/create', { body: tooLarge }],
  ['no id', 400, '/v1/accounts/get'],
  ['an unknown id', 404, '/v1/accounts/get?accountId=acc_00000000000'],
  ['an unknown external id', 404, '/v1/accounts/balance?accountId=nobody'],
  ['a NUL in an id', 404, '/v1/accounts/balance?accountId=%00'],
  ['a limit that is no number', 400, '/v1/accounts?limit=ten'],
  ['an unknown route', 404, '/v1/accounts/nothing'],
  ['a name that is too long', 400, '/v1/accounts/create', { body: { name: longText } }],
  ['a reservation of nobody', 400, '/v1/reservations/create', { body: { amount: 1 } }],
  [
    'an amount that is no number',
    400,
    '/v1/accounts/credits/add',
    { body: mineWith({ amount: 'x' }) },
  ],
  ['a NUL in a text', 400, '/v1/accounts/credits/add', { body: mineWith({ description: '\0' }) }],
  ['a NUL beside it', 400, '/v1/accounts/credits/add', { body: mineWith({ paymentMethod: '\0' }) }],
  ['too many credits', 402, '/v1/accounts/credits/deduct', { body: mineWith({ amount: 3 }) }],
  [
    'too many at once',
    402,
    '/v1/reservations/create',
    { body: mineWith({ amount: '9'.repeat(38) }) },
  ],
  [
    'a NUL in an operation',
    400,
    '/v1/reservations/create',
    { body: mineWith({ operation: '\0' }) },
  ],
  [
    'an end before now',
    400,
    '/v1/accounts/credits/add',
    { body: mineWith({ expiresAt: longAgo }) },
  ],
  ['a NUL for a reservation', 404, '/v1/reservations/confirm', { body: { reservationId: '\0' } }],
  ['a NUL for a plan', 404, '/v1/plans/archive', { body: { planId: '\0' } }],
  ['a NUL in a name', 400, '/v1/plans/create', { body: { ...planBody, name: '\0' } }],
  ['a plan of nothing', 400, '/v1/plans/create', { body: { ...planBody, amount: 0 } }],
  ['a type of nothing', 400, '/v1/transactions/create', { body: mineWith({ type: 'x' }) }],
  ['an offset too deep', 400, '/v1/transactions?offset=100001'],
  ['an unknown verb', 404, '/v1/plans', { method: 'DELETE' }],
  ['no key', 401, '/v1/accounts', { apiKey: '' }],
  ['an unknown key', 401, '/v1/accounts', { apiKey: 'scrip_test_unknown' }],
];

const creemCommerce: readonly Wrong[] = [
  ['an unknown route', 404, '/v1/products'],
  ['a path outside of every version', 404, '/admin.php'],
  ['malformed JSON on an unknown route', 404, '/v1/checkouts', { body: '{' }],
];

describe.each<readonly [FacadeName, readonly Wrong[]]>([
  ['creem-credits', creemCredits],
  ['credits-dev', creditsDev],
  ['creem-commerce', creemCommerce],
])('the façade %s', (facade, wrongs) => {
  const cases = wrongs.map(([title, status, path, request]) => ({ title, status, path, request }));

  it.each(cases)(
    'answers $title with its own error, never a 500 and never a stack',
    async ({ status, path, request }) => {
      const answer = await rest(path, request);
      expect(findFlaws(facade, { answer, status })).toEqual([]);
    },
  );
});

describe('things of others', () => {
  const strangers: readonly (readonly [string, () => string])[] = [
    ['the other mode', () => scrip.keys().prod.api_key],
    ['another store', () => second.apiKey],
  ];

  it.each(strangers)('takes ids and cursors of %s for unknown', async (_who, key) => {
    const apiKey = key();
    const asked: readonly Wrong[] = [
      ['get', 404, mine.path],
      ['balance', 404, `${mine.path}/balance`],
      ['entries', 404, `${mine.path}/entries`],
      ['credit', 404, `${mine.path}/credit`, { body: posting }],
      ['freeze', 404, `${mine.path}/freeze`, { method: 'POST' }],
      ['transaction', 404, `${transactions}/${mine.transactionId}`],
      ['reverse', 404, `${transactions}/${mine.transactionId}/reverse`, { method: 'POST' }],
      ['accounts after', 400, `${accounts}?starting_after=${mine.path.split('/').at(-1)}`],
    ];
    for (const [_title, status, path, request] of asked) {
      expect(
        findFlaws('creem-credits', {
          answer: await rest(path, { ...request, apiKey }),
          status: status,
        }),
      ).toEqual([]);
    }
    const listed = await rest(accounts, { apiKey });
    expect(listed.body).toEqual({ object: 'list', data: [], has_more: false });
    const dev = await rest(`/v1/accounts/get?accountId=mine`, { apiKey });
    expect(findFlaws('credits-dev', { answer: dev, status: 404 })).toEqual([]);
    const byKey = await connect('GetTransactionByKey', { idempotencyKey: 'mine-1' }, { apiKey });
    expect(byKey).toMatchObject({ code: 'not_found', reason: 'TRANSACTION_NOT_FOUND' });
    expect((await rest(`${mine.path}/balance`)).body).toMatchObject({ balance: '2' });
  });

  it('refuses a cursor of another account', async () => {
    const path = `${mine.path}/entries?starting_after=${another.entryId}`;
    expect(findFlaws('creem-credits', { answer: await rest(path), status: 400 })).toEqual([]);
  });

  it('does not reverse through an account that is not touched', async () => {
    const body = { transaction_id: mine.transactionId };
    expect(
      findFlaws('creem-credits', {
        answer: await rest(`${another.path}/reverse`, { body }),
        status: 404,
      }),
    ).toEqual([]);
  });

  it('lets each store use the same idempotency key, external id and name', async () => {
    const { apiKey } = second;
    const request = { customerId: 'mine', externalId: 'mine', initialBalance: '7' };
    const made = await connect('CreateAccount', request, { apiKey });
    expect(made.code).toBe('ok');
    const credit = { account: { externalId: 'mine' }, amount: '1' };
    const named = { reference: 'mine', idempotencyKey: 'mine-1' };
    const credited = await connect('Credit', { ...credit, ...named }, { apiKey });
    expect(credited).toMatchObject({ code: 'ok', isReplay: false });
  });
});

describe('a key', () => {
  it('without the scope to write reads and does not write', async () => {
    const apiKey = second.readingKey;
    expect((await rest(mine.path, { apiKey })).status).toBe(200);
    const refused = await rest(`${mine.path}/credit`, { apiKey, body: posting });
    expect(findFlaws('creem-credits', { answer: refused, status: 403 })).toEqual([]);
    const made = await rest('/v1/accounts/create', { apiKey, body: { name: 'x' } });
    expect(findFlaws('credits-dev', { answer: made, status: 403 })).toEqual([]);
    const overRpc = await connect('CreateAccount', { customerId: 'x' }, { apiKey });
    expect(overRpc).toMatchObject({
      code: 'permission_denied',
      reason: 'SCOPE_MISSING',
      metadata: { scope: 'ledger:write' },
    });
  });

  it('without the scope to read writes and reads nothing but the head', async () => {
    const apiKey = second.writingKey;
    const made = await connect('CreateAccount', { customerId: 'written' }, { apiKey });
    expect(made.code).toBe('ok');
    const account = { id: textAt(made.answer, 'account', 'id') };
    const refused = await connect('GetAccount', { account }, { apiKey });
    expect(refused).toMatchObject({ reason: 'SCOPE_MISSING', metadata: { scope: 'ledger:read' } });
    expect((await connect('GetHead', {}, { apiKey })).code).toBe('ok');
    const path = `${accounts}/${account.id}`;
    expect((await rest(`${path}/credit`, { apiKey, body: posting })).status).toBe(201);
    const answer = await rest(path, { apiKey });
    expect(findFlaws('creem-credits', { answer, status: 403 })).toEqual([]);
  });

  it('of the operator reads and posts nothing', async () => {
    const apiKey = scrip.keys().operator.api_key;
    expect(
      findFlaws('creem-credits', { answer: await rest(accounts, { apiKey }), status: 403 }),
    ).toEqual([]);
    expect(
      findFlaws('credits-dev', { answer: await rest('/v1/accounts', { apiKey }), status: 403 }),
    ).toEqual([]);
    const { code, reason } = await connect('GetHead', {}, { apiKey });
    expect({ code, reason }).toEqual({ code: 'permission_denied', reason: 'SCOPE_MISSING' });
  });
});

describe('the ledger itself', () => {
  const call = (body: string, path = 'Credit', headers: Record<string, string> = {}) =>
    postConnect(`${scrip.ledgerUrl}/scrip.ledger.v1.LedgerService/${path}`, {
      headers: { 'x-api-key': scrip.keys().test.api_key, ...headers },
      body,
    });

  it.each([
    ['malformed JSON', '{"account":', 400],
    ['a list', '[]', 400],
    ['a wrong type', '{"amount":{}}', 400],
    ['a field that does not exist', '{"amuont":"1"}', 400],
    ['an empty request', '{}', 400],
    ['two accounts in one', '{"account":{"id":"a","externalId":"b"}}', 400],
    ['a huge message', JSON.stringify({ reference: 'x'.repeat(2_000_000) }), 429],
  ])('answers %s with an error of Connect', async (_title, body, status) => {
    const response = await call(body);
    const text = await response.text();
    expect({ status: response.status, text }).toMatchObject({ status });
    expect(textAt(JSON.parse(text) as Json, 'code')).toMatch(/^[a-z_]+$/);
    expect(findLeaks(text)).toEqual([]);
  });

  it('answers a method and a content type that nobody serves', async () => {
    expect((await call('{}', 'Steal')).status).toBe(404);
    expect((await call('{}', 'Credit', { 'content-type': 'text/plain' })).status).toBe(415);
    const put = await fetch(`${scrip.ledgerUrl}/scrip.ledger.v1.LedgerService/Credit`, {
      method: 'PUT',
    });
    expect(put.status).toBe(405);
  });
});

describe('whatever else is sent', () => {
  const posts = ['', '/x/credit', '/x/debit', '/x/reverse', '/x/freeze'].map(
    (end) => accounts + end,
  );
  const gets = [
    `${accounts}?`,
    `${accounts}/${unknownId}/entries?`,
    '/v1/accounts?',
    '/v1/accounts/get?',
  ];

  it('is never a 500 as a body', async () => {
    const path = fc.constantFrom(...posts, transactions, '/v1/accounts/create');
    await fc.assert(
      fc.asyncProperty(path, fc.jsonValue(), async (to, value) => {
        const answer = await rest(to, { method: 'POST', body: JSON.stringify(value) });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(findLeaks(answer.text)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is never a 500 as a query', async () => {
    const names = [
      'limit',
      'offset',
      'starting_after',
      'ending_before',
      'customer_id',
      'accountId',
    ];
    const query = fc.array(fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'binary' })), {
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...gets), query, async (to, pairs) => {
        const text = pairs.map(
          ([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`,
        );
        const answer = await rest(to + text.join('&'));
        expect(answer.status).toBeLessThan(500);
        expect(findLeaks(answer.text)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('goes on after all of that', async () => {
    expect((await connect('GetHead', {})).code).toBe('ok');
    expect((await rest('/readyz', { apiKey: '' })).status).toBe(200);
    expect(scrip.output()).not.toMatch(/"level":(?:50|60|"error"|"fatal")/);
  });
});

describe('a request that never ends', () => {
  it('holds no stop up beyond the grace', async () => {
    const stopping = await startScripOnTestCluster();
    const { port } = new URL(stopping.gatewayUrl);
    const socket = connectSocket(Number(port), '127.0.0.1').on('error', () => undefined);
    const key = `x-api-key: ${stopping.keys().test.api_key}`;
    const head = `POST ${accounts} HTTP/1.1\r\nhost: x\r\n${key}\r\ncontent-length: 500`;
    socket.write(`${head}\r\nexpect: 100-continue\r\n\r\n{`);
    // The server answers 100 when it has begun with the request.
    await once(socket, 'data');
    // An exit code of 0 says that no part had to be forced.
    expect(await stopping.stop()).toBe(0);
  });
});

async function openAccount(name: string): Promise<typeof mine> {
  const request = { customerId: name, externalId: name };
  const made = await succeeding(connect)('CreateAccount', request);
  const id = textAt(made.answer, 'account', 'id');
  const credit = async (key: string) => {
    const move = { account: { id }, amount: '1', reference: name, idempotencyKey: key };
    return (await succeeding(connect)('Credit', move)).answer;
  };
  await credit(`${name}-1`);
  const answer = await credit(`${name}-2`);
  return {
    path: `${accounts}/${id}`,
    entryId: textAt(answer, 'transaction', 'entries', 0, 'id'),
    transactionId: textAt(answer, 'transaction', 'id'),
  };
}

function entriesOf(...sides: readonly string[]): Json {
  return sides.map((side, n) => ({ account_id: `cca_0000000000${n}`, side, amount: '1' }));
}
