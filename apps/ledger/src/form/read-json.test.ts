// What a caller reads about JSON that is no request: the field by its path, and what it must be.
import {
  CreateHoldRequestSchema,
  CreditRequestSchema,
  ListAccountsRequestSchema,
  PostTransactionRequestSchema,
  UpdateAccountRequestSchema,
  WatchHistoryRequestSchema,
} from '@scrip/contract';
import { expect, it } from 'vitest';
import { findJsonFault } from './find-json-fault.ts';
import { jsonOptionsOf, readJson } from './read-json.ts';

const credit = CreditRequestSchema;
const entry = { account: { id: 'a' }, side: 'ENTRY_SIDE_DEBIT', amount: '1' };

it.each([
  [credit, { amuont: '1' }, 'amuont', 'is no field of this request'],
  [credit, { grant: { expires: 'x' } }, 'grant.expires', 'is no field of this request'],
  [
    credit,
    { grant: { category: 'PROMO' } },
    'grant.category',
    'must be one of GRANT_CATEGORY_PAID, GRANT_CATEGORY_PROMOTIONAL',
  ],
  [credit, { grant: { priority: -1 } }, 'grant.priority', 'must be a whole number, 0 or more'],
  [
    credit,
    { grant: { effectiveAt: '2099-01-01T00:00:00Z', expiresAt: '2099-01-02' } },
    'grant.expires_at',
    'must be an instant, such as "2026-05-01T08:00:00Z"',
  ],
  [credit, { account: 'ada' }, 'account', 'must be an object'],
  [
    credit,
    { account: { id: 'a', externalId: 'b' } },
    'account.ref',
    'is there as id and external_id, and may be only one of them',
  ],
  [credit, { metadata: [] }, 'metadata', 'must be an object'],
  [credit, { reference: 5 }, 'reference', 'must be a text'],
  [CreateHoldRequestSchema, { ttl: '1m' }, 'ttl', 'must be a duration in seconds, such as "60s"'],
  [PostTransactionRequestSchema, { entries: {} }, 'entries', 'must be a list'],
  [
    PostTransactionRequestSchema,
    { entries: [entry, { ...entry, side: 'DEBIT' }] },
    'entries[1].side',
    'must be one of ENTRY_SIDE_CREDIT, ENTRY_SIDE_DEBIT',
  ],
  [
    WatchHistoryRequestSchema,
    { kinds: ['EVENT_KIND_HOLD_CREATED', 'hold_expired'] },
    'kinds[1]',
    'must be the name of an EventKind, such as EVENT_KIND_ACCOUNT_CREATED',
  ],
])('names the field and says what it must be: %o %j', (...[schema, request, field, problem]) => {
  expect(findJsonFault(schema, JSON.stringify(request))).toMatchObject({
    reason: 'FIELD_INVALID',
    message: `${field} ${problem}.`,
    metadata: { field },
  });
});

it('takes a number for a wrong amount', () => {
  const request = { entries: [entry, { ...entry, amount: 1.5 }] };
  expect(findJsonFault(PostTransactionRequestSchema, JSON.stringify(request))).toMatchObject({
    reason: 'AMOUNT_INVALID',
    message: 'entries[1].amount must be a decimal number in quotes, such as "12.5".',
    metadata: { field: 'entries[1].amount' },
  });
});

it.each([
  ['{"amount": ', 'The message is not JSON: it goes wrong at its end.'],
  ['{"amount" 5}', 'The message is not JSON: it goes wrong at position 10.'],
  ['[]', 'The message must be a JSON object.'],
  ['{"amount":"1","amount":"2"}', 'The message has a name twice, or is nested too deeply.'],
  ['{"a b":"\ud83d"}', 'The message has a field that the contract does not know.'],
])('says of %s that there is no message', (text, message) => {
  expect(findJsonFault(credit, text)).toMatchObject({ reason: 'FIELD_INVALID', message });
});

it('reads both forms of a name, and refuses a word in a filter that would show all', () => {
  expect(() => readJson(credit, '{"idempotencyKey":"a"}')).not.toThrow();
  expect(() => readJson(UpdateAccountRequestSchema, '{"display_name":"a"}')).not.toThrow();
  expect(() => readJson(ListAccountsRequestSchema, '{"status":"FROZEN"}')).toThrow();
});

it('tells the library of a fault in the words of the service', () => {
  const { textDecoder } = jsonOptionsOf(credit) as unknown as {
    readonly textDecoder: { readonly decode: (bytes: Uint8Array) => string };
  };
  expect(textDecoder.decode(Buffer.from('{"amount":"1"}'))).toBe('{"amount":"1"}');
  const decode = () => textDecoder.decode(Buffer.from('{"amuont":"1"}'));
  expect(decode).toThrow('amuont is no field of this request.');
});
