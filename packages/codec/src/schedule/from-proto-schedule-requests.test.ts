// Requests about grants and schedules, as commands.
import { create } from '@bufbuild/protobuf';
import {
  CreateScheduleRequestSchema,
  CreditRequestSchema,
  GrantCategory,
  Leftover,
  PeriodUnit,
  VoidGrantRequestSchema,
} from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { fromProtoVoidGrantRequest } from '../grant/from-proto-grant-requests.ts';
import { fromProtoCreditRequest } from '../transaction/from-proto-transaction-requests.ts';
import { fromProtoCreateScheduleRequest } from './from-proto-schedule-requests.ts';

const account = { ref: { case: 'id', value: 'cca_1' } } as const;
const named = { reference: 'plan', idempotencyKey: 'k1' };
const period = { unit: PeriodUnit.MONTH, count: 1 };
const year2040 = 2_208_988_800n;

describe('a request for a schedule', () => {
  it('is of paid credits that roll over, without end, unless it says otherwise', () => {
    const request = create(CreateScheduleRequestSchema, { account, amount: '9', period, ...named });
    expect(fromProtoCreateScheduleRequest(request)).toMatchObject({
      kind: 'parsed',
      value: {
        kind: 'create_schedule',
        amount: '9',
        priority: 50,
        category: 'paid',
        period: { unit: 'month', count: 1 },
        leftover: 'roll_over',
        ...named,
      },
    });
  });

  it('says everything', () => {
    const request = create(CreateScheduleRequestSchema, {
      account,
      amount: '9',
      priority: 10,
      category: GrantCategory.PROMOTIONAL,
      source: 'trial',
      anchor: { seconds: year2040 },
      period: { unit: PeriodUnit.QUARTER, count: 2 },
      leftover: Leftover.LAPSE,
      cap: '20.0',
      occurrenceCount: 3,
      ...named,
    });
    expect(fromProtoCreateScheduleRequest(request)).toMatchObject({
      value: {
        priority: 10,
        category: 'promotional',
        source: 'trial',
        anchor: Number(year2040) * 1000,
        period: { unit: 'quarter', count: 2 },
        leftover: 'lapse',
        cap: '20',
        occurrenceCount: 3,
      },
    });
  });

  it('counts up to 100 units in a period, and up to 100,000 grants', () => {
    const most = { period: { unit: PeriodUnit.YEAR, count: 100 }, occurrenceCount: 100_000 };
    const request = create(CreateScheduleRequestSchema, {
      account,
      amount: '9',
      ...most,
      ...named,
    });
    expect(fromProtoCreateScheduleRequest(request)).toMatchObject({
      value: { period: { unit: 'year', count: 100 }, occurrenceCount: 100_000 },
    });
  });

  it.each([
    ['account', { account: undefined }],
    ['amount', { amount: '0' }],
    ['cap', { cap: 'x' }],
    ['period.unit', { period: undefined }],
    ['period.count', { period: { unit: PeriodUnit.DAY, count: 0 } }],
    ['period.count', { period: { unit: PeriodUnit.DAY, count: 101 } }],
    ['occurrence_count', { occurrenceCount: 0 }],
    ['occurrence_count', { occurrenceCount: 100_001 }],
    ['anchor', { anchor: { seconds: 10n ** 13n } }],
    ['reference', { reference: '' }],
    ['idempotency_key', { idempotencyKey: '' }],
  ] as const)('is refused by the path %s for what is wrong with it', (field, over) => {
    const whole = { account, amount: '9', period, ...named };
    const request = create(CreateScheduleRequestSchema, { ...whole, ...over });
    expect(fromProtoCreateScheduleRequest(request)).toMatchObject({
      kind: 'refused',
      metadata: { field },
    });
  });
});

describe('a credit with terms', () => {
  const creditWith = (grant: object) =>
    fromProtoCreditRequest(create(CreditRequestSchema, { account, amount: '9', ...named, grant }));

  it('is of priority 50 and paid unless it says otherwise', () => {
    expect(creditWith({})).toMatchObject({
      value: { kind: 'credit', terms: { priority: 50, category: 'paid' } },
    });
  });

  it('cuts its instants to whole milliseconds', () => {
    const at = { seconds: year2040, nanos: 1_999_999 };
    const expiresAt = { seconds: year2040 + 1n };
    expect(creditWith({ effectiveAt: at, expiresAt })).toMatchObject({
      value: { terms: { effectiveAt: Number(year2040) * 1000 + 1 } },
    });
  });

  it.each([
    ['grant.priority', { priority: 101 }],
    ['grant.source', { source: '' }],
    ['grant.expires_at', { effectiveAt: { seconds: 9n }, expiresAt: { seconds: 9n } }],
    ['grant.effective_at', { effectiveAt: { seconds: -(10n ** 12n) } }],
    ['grant.expires_at', { expiresAt: { seconds: 0n } }],
  ])('is refused by the path %s for what is wrong with it', (field, grant) => {
    expect(creditWith(grant)).toMatchObject({ kind: 'refused', metadata: { field } });
  });
});

describe('a request for a void', () => {
  it('names the grant, and a reference and a key if it likes', () => {
    const bare = create(VoidGrantRequestSchema, { grantId: 'grt_1' });
    expect(fromProtoVoidGrantRequest(bare)).toEqual({
      kind: 'parsed',
      value: { kind: 'void_grant', grantId: 'grt_1' },
    });
    const whole = create(VoidGrantRequestSchema, { grantId: 'grt_1', ...named });
    expect(fromProtoVoidGrantRequest(whole)).toMatchObject({ value: named });
    const empty = create(VoidGrantRequestSchema, { grantId: 'grt_1', reference: '' });
    expect(fromProtoVoidGrantRequest(empty)).toMatchObject({ metadata: { field: 'reference' } });
  });
});
