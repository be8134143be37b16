// What the calls of the Accounts API ask of the ledger, and what they make of its refusals.
import { Code } from '@connectrpc/connect';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { HoldSchema, ScheduleSchema, TransactionSchema } from '@scrip/contract';
import {
  AccountStatus,
  EntrySide,
  HoldStatus,
  Leftover,
  PeriodUnit,
  ScheduleStatus,
  TransactionKind,
} from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import type { FakeLedger } from '../fake-ledger.ts';
import { createFakeGateway, known, refusal } from '../fake-ledger.ts';

const at = { seconds: 1_705_312_800n };
const account = {
  id: 'cca_abcdefghijk',
  customerId: 'u',
  externalId: 'u',
  name: 'default',
  status: AccountStatus.ACTIVE,
  balance: '100',
  held: '0',
  available: '100',
  createdAt: at,
  updatedAt: at,
};
const transaction: MessageInitShape<typeof TransactionSchema> = {
  id: 'cct_00000000001',
  kind: TransactionKind.CAPTURE,
  reference: 'chat',
  entries: [{ accountId: account.id, side: EntrySide.DEBIT, amount: '30', balanceAfter: '70' }],
  createdAt: at,
};
const hold: MessageInitShape<typeof HoldSchema> = {
  id: 'hld_abcdefghijk',
  accountId: account.id,
  status: HoldStatus.PENDING,
  reference: 'chat',
  amount: '40',
  remaining: '40',
  captured: '0',
  expiresAt: at,
  createdAt: at,
  metadata: { operation: 'chat', model: 7, a: 1 },
};
const plan = {
  id: 'cca_plan0000000',
  customerId: 'credits-dev:plans',
  name: 'plan 0',
  displayName: 'Pro',
  status: AccountStatus.ACTIVE,
  metadata: { amount: '1000', interval: 'week', occurrences: 3, accumulate: true },
};
const getAccount: NonNullable<FakeLedger['getAccount']> = ({ account: asked }) => {
  const found = [account, plan].find(({ id }) => id === asked?.ref.value);
  if (found === undefined) throw refusal('ACCOUNT_NOT_FOUND', Code.NotFound);
  return { account: found };
};
const accountId = 'acc_abcdefghijk';

describe('credits/add', () => {
  it('credits the pool in the words of the call', async () => {
    const asked: unknown[] = [];
    const credit: FakeLedger['credit'] = (request) => {
      const { amount, reference, idempotencyKey, metadata, grant } = request;
      asked.push({ amount, reference, idempotencyKey, metadata, grant });
      return { transaction };
    };
    await post({ credit }, '/accounts/credits/add', { accountId, amount: 5, key: 'k' });
    const plain = { amount: '5', reference: 'credits/add', idempotencyKey: 'k' };
    expect(asked).toEqual([{ ...plain, metadata: undefined, grant: undefined }]);
  });

  it('gives each call without a key one of its own', async () => {
    const keys = new Set<string>();
    const credit: FakeLedger['credit'] = ({ idempotencyKey }) => {
      keys.add(idempotencyKey);
      return { transaction };
    };
    const body = { accountId, amount: 5 };
    await post({ credit }, '/accounts/credits/add', body);
    await post({ credit }, '/accounts/credits/add', body);
    expect(keys.size).toBe(2);
  });

  it('makes a grant of what expires, from where it was paid', async () => {
    const asked: unknown[] = [];
    const credit: FakeLedger['credit'] = ({ grant }) => {
      asked.push([grant?.expiresAt?.seconds, grant?.source]);
      return { transaction };
    };
    const expiresAt = '2030-01-01T00:00:00+01:00';
    const body = { accountId, amount: 5, expiresAt, paymentMethod: 'stripe' };
    await post({ credit }, '/accounts/credits/add', body);
    expect(asked).toEqual([[BigInt(Date.parse(expiresAt) / 1000), 'stripe']]);
  });
});

describe('a text that is kept in the metadata', () => {
  it.each([
    ['/accounts/credits/add', 'paymentMethod'],
    ['/reservations/create', 'operation'],
    ['/reservations/create', 'model'],
  ])('is blamed by its own name: %s %s', async (path, field) => {
    const body = { accountId, amount: 5, metadata: { order: '7' }, [field]: 'str\0ipe' };
    const { status, json } = await post({}, path, body);
    expect(status).toBe(400);
    const details = [{ field, issue: 'contains the character U+0000' }];
    expect(json).toMatchObject({ error: { code: 'validation_error', details } });
  });
});

describe('reservations', () => {
  it('confirm with what is needed and with words that always fit', async () => {
    const asked: unknown[] = [];
    const captureHold: FakeLedger['captureHold'] = (request) => {
      const { holdId, amount, more, allowExcess, metadata } = request;
      asked.push({ holdId, amount, more, allowExcess, metadata });
      return { hold: { ...hold, captured: '30' }, transaction };
    };
    const fake = { captureHold, getHold: () => ({ hold }) };
    const body = { reservationId: 'res_abcdefghijk', actualAmount: '30' };
    const { json } = await post(fake, '/reservations/confirm', body);
    expect(asked).toEqual([
      {
        holdId: 'hld_abcdefghijk',
        amount: '30',
        more: false,
        allowExcess: true,
        metadata: { reservationId: 'res_abcdefghijk', operation: 'chat' },
      },
    ]);
    expect(json).toMatchObject({ transactionId: 'txn_00000000001', amount: 30, released: 10 });
  });

  it('of accounts with other names are unknown', async () => {
    const other = { ...account, name: 'bonus' };
    const fake = { getHold: () => ({ hold }), getAccount: () => ({ account: other }) };
    for (const path of ['/reservations/confirm', '/reservations/cancel']) {
      const answer = await post(fake, path, { reservationId: 'res_abcdefghijk' });
      expect(answer.status).toBe(404);
      expect(answer.json).toHaveProperty('error.code', 'reservation_not_found');
    }
  });

  it.each([
    ['captured', 'reservation_already_confirmed'],
    ['released', 'reservation_already_cancelled'],
    ['expired', 'reservation_expired'],
    ['another', 'reservation_not_pending'],
  ])('that were %s are refused as %s', async (status, code) => {
    const captureHold = (): never => {
      const metadata = { hold_id: 'hld_abcdefghijk', status };
      throw refusal('HOLD_NOT_ACTIVE', Code.FailedPrecondition, metadata);
    };
    const fake = { captureHold, getHold: () => ({ hold }) };
    const answer = await post(fake, '/reservations/confirm', { reservationId: 'hld_abcdefghijk' });
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({
      error: { code, details: { reservationId: 'res_abcdefghijk' } },
    });
  });
});

describe('plans', () => {
  const schedule: MessageInitShape<typeof ScheduleSchema> = {
    id: 'sch_new00000000',
    accountId: account.id,
    status: ScheduleStatus.ACTIVE,
    source: 'credits-dev:plan',
    reference: 'plan_plan0000000',
    amount: '1000',
    anchor: at,
    period: { unit: PeriodUnit.WEEK, count: 1 },
    occurrenceCount: 3,
    sequence: 10n,
  };

  it('become schedules', async () => {
    const asked: unknown[] = [];
    const createSchedule: FakeLedger['createSchedule'] = (request) => {
      const { amount, reference, source, period, leftover, occurrenceCount } = request;
      asked.push({ amount, reference, source, leftover, occurrenceCount });
      asked.push(period?.unit, request.startsNextPeriod, request.idempotencyKey);
      return { schedule };
    };
    const fake: FakeLedger = { createSchedule, listSchedules: () => ({ schedules: [] }) };
    const body = { accountId, planId: 'plan_plan0000000', startMode: 'next_period' };
    const { json } = await post(fake, '/accounts/plans/assign', { ...body, key: 'k' });
    expect(asked).toEqual([
      {
        amount: '1000',
        reference: 'plan_plan0000000',
        source: 'credits-dev:plan',
        leftover: Leftover.ROLL_OVER,
        occurrenceCount: 3,
      },
      PeriodUnit.WEEK,
      true,
      'k',
    ]);
    expect(json).toMatchObject({
      accountPlan: { id: 'accountPlan_new00000000', expiresAt: '2024-02-05T10:00:00Z' },
    });
  });

  it('end those that were there before, and no others', async () => {
    const ended: string[] = [];
    const others = [
      { ...schedule, id: 'sch_later', sequence: 11n },
      schedule,
      { ...schedule, id: 'sch_earlier', sequence: 9n },
      { ...schedule, id: 'sch_ended', sequence: 8n, status: ScheduleStatus.ENDED },
      { ...schedule, id: 'sch_other', sequence: 7n, source: 'another' },
    ];
    const fake: FakeLedger = {
      createSchedule: () => ({ schedule }),
      listSchedules: () => ({ schedules: others }),
      endSchedule: ({ scheduleId }) => {
        ended.push(scheduleId);
        return {};
      },
    };
    await post(fake, '/accounts/plans/assign', { accountId, planId: 'plan_plan0000000' });
    expect(ended).toEqual(['sch_earlier']);
  });

  it('say when an account has too many', async () => {
    const createSchedule = (): never => {
      throw refusal('SCHEDULE_LIMIT', Code.FailedPrecondition);
    };
    const body = { accountId, planId: 'plan_plan0000000' };
    const answer = await post({ createSchedule }, '/accounts/plans/assign', body);
    expect(answer.status).toBe(409);
    expect(answer.json).toHaveProperty('error.code', 'plan_limit');
  });
});

describe('a refusal', () => {
  it.each([
    {
      reason: 'INSUFFICIENT_BALANCE',
      code: Code.FailedPrecondition,
      status: 402,
      shown: 'insufficient_credits',
    },
    { reason: 'SCOPE_MISSING', code: Code.PermissionDenied, status: 403, shown: 'forbidden' },
    { reason: 'KEY_UNKNOWN', code: Code.Unauthenticated, status: 401, shown: 'unauthorized' },
    { reason: 'QUEUE_FULL', code: Code.ResourceExhausted, status: 429, shown: 'rate_limited' },
    {
      reason: 'IDEMPOTENCY_KEY_REUSED',
      code: Code.AlreadyExists,
      status: 409,
      shown: 'idempotency_key_conflict',
    },
    { reason: 'UNAVAILABLE', code: Code.Unavailable, status: 503, shown: 'unavailable' },
    { reason: 'INTERNAL', code: Code.Internal, status: 500, shown: 'internal_error' },
  ] as const)('$reason has its status and code (8.2, 8.3)', async (row) => {
    const { reason, code, status, shown } = row;
    const credit = (): never => {
      throw refusal(reason, code);
    };
    const body = { accountId, amount: 1 };
    const answer = await post({ credit }, '/accounts/credits/add', body);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({
      success: false,
      error: { code: shown, message: expect.any(String) as string },
    });
  });
});

describe('a field that the ledger refuses', () => {
  const refusing = (field: string, problem: string) => (): never => {
    throw refusal('FIELD_INVALID', Code.InvalidArgument, { field }, `${field} ${problem}.`);
  };
  const isBad = 'contains the character U+0000';
  const isFar = 'leads beyond the calendar';
  const body = { accountId, amount: 1, planId: 'plan_plan0000000' };

  const createHold = refusing('reference', isBad);
  const credit = refusing('reference', isBad);
  const createSchedule = refusing('anchor', isFar);

  it.each<{ field: string; path: string; issue: string; fake: FakeLedger }>([
    { field: 'operation', path: '/reservations/create', issue: isBad, fake: { createHold } },
    { field: 'operation', path: '/reservations/%63reate', issue: isBad, fake: { createHold } },
    { field: 'description', path: '/accounts/credits/add', issue: isBad, fake: { credit } },
    { field: 'planId', path: '/accounts/plans/assign', issue: isFar, fake: { createSchedule } },
  ])('is called $field at $path', async ({ field, path, issue, fake }) => {
    const answer = await post(fake, path, body);
    expect(answer.json).toMatchObject({
      error: { message: `${field} ${issue}.`, details: [{ field, issue }] },
    });
  });
});

describe('the list of transactions', () => {
  it('shows a transaction from the side of the account that is asked for', async () => {
    const side = EntrySide.CREDIT;
    const other = { accountId: 'cca_other000000', side, amount: '30', balanceAfter: '1' };
    const listTransactions: FakeLedger['listTransactions'] = () => ({
      transactions: [{ ...transaction, entries: [other, ...(transaction.entries ?? [])] }],
      totalSize: 2n ** 40n,
    });
    const gateway = await createFakeGateway({ getAccount, listTransactions });
    const shown = async (query: string) => {
      const answer = await gateway.inject({ url: `/v1/transactions${query}`, headers: known });
      return answer.json<object>();
    };
    expect(await shown('')).toMatchObject({
      items: [{ accountId: 'acc_other000000', type: 'credit', balanceAfter: 1 }],
      pagination: { limit: 50, offset: 0, totalCount: 2 ** 40, hasMore: false },
    });
    expect(await shown(`?accountId=${accountId}`)).toMatchObject({
      items: [{ accountId, type: 'debit', amount: 30, balanceAfter: 70, metadata: {} }],
    });
  });
});

/** Posts the body, under its `key` if it has one. */
async function post(fake: FakeLedger, path: string, body: Readonly<Record<string, unknown>>) {
  const { key, ...payload } = body;
  const gateway = await createFakeGateway({ getAccount, ...fake });
  const headers = { ...known, ...(typeof key === 'string' ? { 'idempotency-key': key } : {}) };
  const url = `/v1${path}`;
  const answer = await gateway.inject({ method: 'POST', url, headers, payload });
  return { status: answer.statusCode, json: answer.json<object>() };
}
