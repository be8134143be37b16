// Fields that the Accounts API refuses itself, by the names that its callers know.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AccountSchema } from '@scrip/contract';
import { AccountStatus } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { createFakeGateway, known } from '../fake-ledger.ts';

const account: MessageInitShape<typeof AccountSchema> = {
  id: 'cca_abcdefghijk',
  customerId: 'u',
  name: 'default',
  status: AccountStatus.ACTIVE,
};

describe('an end that is an empty text', () => {
  it.each(['/accounts/credits/add', '/reservations/create'])(
    'is refused by %s: it is not the same as none',
    async (path) => {
      const body = { accountId: 'acc_abcdefghijk', amount: 1, expiresAt: '' };
      const issue = 'must be an ISO 8601 date-time with an offset';
      expect(await post(path, body)).toMatchObject({
        status: 400,
        json: { error: { code: 'validation_error', details: [{ field: 'expiresAt', issue }] } },
      });
    },
  );
});

describe('a character that cannot be kept', () => {
  const plan = { name: 'Pro', interval: 'month' };

  it.each<{ field: string; path: string; body: object }>([
    { field: 'paymentMethod', path: '/accounts/credits/add', body: {} },
    { field: 'model', path: '/reservations/create', body: {} },
    { field: 'description', path: '/plans/create', body: plan },
  ])('is told of $field at $path', async ({ field, path, body }) => {
    const payload = { accountId: 'acc_abcdefghijk', amount: 1, ...body, [field]: 'a\0b' };
    const issue = 'contains the character U+0000';
    expect(await post(path, payload)).toMatchObject({
      status: 400,
      json: { error: { code: 'validation_error', details: [{ field, issue }] } },
    });
  });
});

async function post(path: string, payload: Readonly<Record<string, unknown>>) {
  const gateway = await createFakeGateway({ getAccount: () => ({ account }) });
  const url = `/v1${path}`;
  const answer = await gateway.inject({ method: 'POST', url, headers: known, payload });
  return { status: answer.statusCode, json: answer.json<object>() };
}
