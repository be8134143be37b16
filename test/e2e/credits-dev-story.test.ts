// One customer's month through the Accounts API, sent by curl to a whole server: credits that are
// bought, reserved, taken, given back and granted by a plan, with numbers beyond 2^53 throughout.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ScripOnTestCluster, startScripOnTestCluster } from './scrip-on-test-cluster.ts';
import { at, type Json, textAt } from './wire/caller.ts';

const execute = promisify(execFile);

let scrip: ScripOnTestCluster;
beforeAll(async () => {
  scrip = await startScripOnTestCluster();
});
afterAll(() => scrip?.stop());

it('adds up to the last digit', async () => {
  await curl('/accounts/create', '{"externalId":"user_123","name":"John Doe"}');
  const bought = '{"accountId":"user_123","amount":9007199254740993,"paymentMethod":"stripe"}';
  const added = await curl('/accounts/credits/add', bought);
  expect(added.replace(/acc_\w{11}/, 'acc_…')).toBe(
    '{"success":true,"accountId":"acc_…","externalId":"user_123",' +
      '"balance":9007199254740993,"added":9007199254740993}',
  );
  const spent = '{"externalId":"user_123","amount":"2"}';
  expect(await curl('/accounts/credits/deduct', spent)).toContain(
    '"balance":9007199254740991,"deducted":2}',
  );

  const asked = '{"externalId":"user_123","amount":500,"operation":"chat","model":"m"}';
  const first = await reserve(asked);
  const second = await reserve(asked);
  expect(await curl('/accounts/balance?externalId=user_123')).toContain(
    '"balance":9007199254740991,"reserved":1000,"available":9007199254739991}',
  );
  const confirm = `{"reservationId":"${first}","actualAmount":320}`;
  expect(await curl('/reservations/confirm', confirm)).toMatch(
    /"transactionId":"txn_\w{11}",.+"amount":320,"released":180,"balance":9007199254740671\}$/,
  );
  expect(await curl('/reservations/cancel', `{"reservationId":"${second}"}`)).toBe(
    `{"success":true,"reservationId":"${second}","status":"cancelled",` +
      '"released":500,"balance":9007199254740671}',
  );
  const listed = JSON.parse(await curl('/reservations?accountId=user_123')) as Json;
  expect(at(listed, 'reservations', 0, 'status')).toBe('cancelled');
  expect(at(listed, 'reservations', 1, 'status')).toBe('confirmed');

  const fixed = '{"accountId":"user_123","amount":9,"type":"credit","description":"goodwill"}';
  expect(await curl('/transactions/create', fixed)).toContain('"balanceAfter":9007199254740680,');

  const made = await curl('/plans/create', '{"name":"Pro","amount":1000,"interval":"month"}');
  const planId = textAt(JSON.parse(made) as Json, 'plan', 'id');
  const assigned = `{"accountId":"user_123","planId":"${planId}","startMode":"immediate"}`;
  expect(await curl('/accounts/plans/assign', assigned)).toContain(`"planId":"${planId}"`);
  expect(await curl('/plans/archive', `{"planId":"${planId}"}`)).toContain('"isActive":false');
  expect(await curl('/plans')).toContain('"billingPeriod":"monthly"');
  expect(await curl('/accounts/plans?accountId=user_123')).toContain('"active":true');

  const page = await curl('/transactions?externalId=user_123&limit=2&include=reservation,usage');
  expect(page).toContain('"pagination":{"limit":2,"offset":0,"totalCount":5,"hasMore":true}');
  const balances = await curl('/transactions?externalId=user_123');
  expect(balances.match(/(?<="balanceAfter":)\d+/g)).toEqual([
    '9007199254741680',
    '9007199254740680',
    '9007199254740671',
    '9007199254740991',
    '9007199254740993',
  ]);
  const beyond = '{"accountId":"user_123","amount":9007199254741681}';
  expect(await curl('/accounts/credits/deduct', beyond, 402)).toContain(
    '"details":{"required":9007199254741681,"available":9007199254741680}',
  );
});

async function reserve(body: string): Promise<string> {
  return textAt(JSON.parse(await curl('/reservations/create', body)) as Json, 'reservation', 'id');
}

/** Runs curl as the documentation writes it, a POST when there is a body; gives the answer. */
async function curl(path: string, body?: string, status = 200): Promise<string> {
  const post = ['-X', 'POST', '-H', 'Content-Type: application/json', '-d', body ?? ''];
  const key = ['-H', `X-API-Key: ${scrip.keys().test.api_key}`];
  const options = ['-sS', '-w', '\n%{http_code}', ...key, ...(body === undefined ? [] : post)];
  const { stdout } = await execute('curl', [...options, `${scrip.gatewayUrl}/v1${path}`]);
  const end = stdout.lastIndexOf('\n');
  expect({ path, status: stdout.slice(end + 1) }).toEqual({ path, status: String(status) });
  return stdout.slice(0, end);
}
