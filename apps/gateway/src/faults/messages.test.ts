// What a caller reads about a wrong request: whole sentences that name the field.
import { Code } from '@connectrpc/connect';
import { afterAll, describe, expect, it } from 'vitest';
import { createFakeGateway, known, refusal } from '../fake-ledger.ts';

const taken = { value: 'EXTERNAL_ID_TAKEN' as Parameters<typeof refusal>[0] };
const gateway = await createFakeGateway({
  createAccount() {
    throw refusal(taken.value, Code.AlreadyExists);
  },
});
afterAll(() => gateway.close());

const creem = '/v1/customer-credits/accounts';
const posting = { amount: '1', reference: 'r', idempotency_key: 'k' };
const entry = { account_id: 'cca_0', side: 'debit', amount: '1' };
const plan = { name: 'Pro', amount: 1, interval: 'month' };
const long = 'x'.repeat(256);

describe('a wrong body', () => {
  it.each([
    [`${creem}/a/credit`, { ...posting, amount: 5 }, 'amount must be a text.'],
    [creem, {}, 'customer_id is required.'],
    [creem, { customer_id: '' }, 'customer_id must not be empty.'],
    [creem, { customer_id: 'a', name: '' }, 'name must not be empty or blank.'],
    [creem, { customer_id: 'a', unit_label: ' ' }, 'unit_label must not be empty or blank.'],
    [
      '/v1/customer-credits/transactions',
      { ...posting, entries: [entry] },
      'entries must have 2 to 100 elements.',
    ],
    [
      '/v1/customer-credits/transactions',
      { ...posting, entries: [entry, { ...entry, side: 'up' }] },
      'entries[1].side must be credit or debit.',
    ],
    ['/v1/accounts/create', { name: 5 }, 'name must be a text or null.'],
    ['/v1/accounts/create', { email: 'x' }, 'email must be an e-mail address.'],
    ['/v1/accounts/create', { name: long }, 'name must have 1 to 255 characters.'],
    ['/v1/accounts/create', { externalId: long }, 'externalId must have 1 to 255 characters.'],
    [
      '/v1/plans/create',
      { ...plan, occurrences: 0 },
      'occurrences must be a whole number from 1 to 100000 or null.',
    ],
    ['/v1/plans/create', { ...plan, price: -1 }, 'price must be a number of 0 or more or null.'],
  ])('posted to %s, %j, is told so', async (url, payload, message) => {
    const answer = await gateway.inject({ method: 'POST', url, headers: known, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toHaveProperty('error.message', message);
  });
});

describe('a wrong query', () => {
  const at = `${creem}/a/balance?at=2026-05-01T10:00:00`;
  it.each([
    [`${creem}?limit=0`, 'limit must be a whole number from 1 to 100.'],
    [`${creem}?customer_id=`, 'customer_id must not be empty.'],
    [`${creem}?limit=ten`, 'limit must be a whole number from 1 to 100.'],
    [`${at}+02:00`, 'at has a space in it: write + as %2B.'],
    [at, expect.stringMatching(/^at must be an ISO 8601 .+ for instance\.$/)],
  ])('%s is told so', async (url, message: unknown) => {
    const answer = await gateway.inject({ url, headers: known });
    expect(answer.json()).toHaveProperty('error.message', message);
  });
});

it('names a field that the ledger refuses once, in the words of the façade', async () => {
  const message = 'display_name contains the character U+0000.';
  const refusing = await createFakeGateway({
    createAccount() {
      throw refusal('FIELD_INVALID', Code.InvalidArgument, { field: 'display_name' }, message);
    },
  });
  const sent = { method: 'POST', headers: known, payload: { name: 'a' } } as const;
  const answer = await refusing.inject({ ...sent, url: '/v1/accounts/create' });
  await refusing.close();
  expect(answer.json()).toHaveProperty('error', {
    code: 'validation_error',
    message: 'name contains the character U+0000.',
    details: [{ field: 'name', issue: 'contains the character U+0000' }],
  });
});

it.each([
  ['EXTERNAL_ID_TAKEN', 'Another account has that externalId.'],
  ['ACCOUNT_NAME_TAKEN', 'The customer with that externalId has an account already.'],
] as const)('%s is told in the words of the Accounts API', async (reason, message) => {
  taken.value = reason;
  const payload = { externalId: 'a' };
  const url = '/v1/accounts/create';
  const answer = await gateway.inject({ method: 'POST', url, headers: known, payload });
  expect(answer.json()).toHaveProperty('error.message', message);
});

it('takes the bearer token when the other header is empty', async () => {
  const headers = { 'x-api-key': '', authorization: `Bearer ${known['x-api-key']}` };
  const answer = await gateway.inject({ method: 'POST', url: creem, headers, payload: {} });
  expect(answer.statusCode).toBe(400);
});
