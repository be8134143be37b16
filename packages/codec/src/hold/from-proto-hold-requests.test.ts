// Requests about holds, as commands.
import { create } from '@bufbuild/protobuf';
import {
  CaptureHoldRequestSchema,
  CreateHoldRequestSchema,
  ExtendHoldRequestSchema,
  ListHoldsRequestSchema,
  ReleaseHoldRequestSchema,
} from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import {
  fromProtoCaptureHoldRequest,
  fromProtoCreateHoldRequest,
  fromProtoExtendHoldRequest,
  fromProtoListHoldsRequest,
  fromProtoReleaseHoldRequest,
} from './from-proto-hold-requests.ts';

const account = { ref: { case: 'id', value: 'cca_1' } } as const;
const named = { reference: 'job', idempotencyKey: 'k1' };
const year2040 = 2_208_988_800n;

describe('a request for a hold', () => {
  it('lasts 300 seconds unless it says how long', () => {
    const request = create(CreateHoldRequestSchema, { account, amount: '5.0', ...named });
    expect(fromProtoCreateHoldRequest(request)).toEqual({
      kind: 'parsed',
      value: {
        kind: 'create_hold',
        account: { kind: 'id', id: 'cca_1' },
        amount: '5',
        end: { kind: 'ttl', ttlMs: 300_000 },
        ...named,
      },
    });
  });

  it.each([
    [
      { case: 'ttl', value: { seconds: 2n, nanos: 1 } },
      { kind: 'ttl', ttlMs: 2001 },
    ],
    [
      { case: 'expiresAt', value: { seconds: year2040, nanos: 1_999_999 } },
      { kind: 'expires_at', expiresAt: Number(year2040) * 1000 + 1 },
    ],
  ] as const)('ends as it says, in whole milliseconds', (end, expected) => {
    const request = create(CreateHoldRequestSchema, { account, amount: '5', end, ...named });
    expect(fromProtoCreateHoldRequest(request)).toMatchObject({ value: { end: expected } });
  });

  it.each([
    ['account', { account: undefined }],
    ['amount', { amount: '' }],
    ['amount', { amount: '0' }],
    ['reference', { reference: '' }],
    ['idempotency_key', { idempotencyKey: '' }],
    ['ttl', { end: { case: 'ttl', value: { seconds: 0n } } }],
    ['ttl', { end: { case: 'ttl', value: { seconds: -5n } } }],
    ['ttl', { end: { case: 'ttl', value: { seconds: 86_400n, nanos: 1 } } }],
    ['ttl', { end: { case: 'ttl', value: { seconds: 5n, nanos: -1 } } }],
    ['ttl', { end: { case: 'ttl', value: { seconds: -1n, nanos: 2_000_000_000 } } }],
    ['ttl', { end: { case: 'ttl', value: { seconds: 1n, nanos: 1_000_000_000 } } }],
    ['expires_at', { end: { case: 'expiresAt', value: { seconds: -1n } } }],
    ['expires_at', { end: { case: 'expiresAt', value: { seconds: 10n ** 12n } } }],
    ['expires_at', { end: { case: 'expiresAt', value: { seconds: 5n, nanos: -1 } } }],
  ] as const)('is refused by the path %s for what is wrong with it', (field, over) => {
    const request = create(CreateHoldRequestSchema, { account, amount: '5', ...named, ...over });
    expect(fromProtoCreateHoldRequest(request)).toMatchObject({
      kind: 'refused',
      metadata: { field },
    });
  });
});

describe('a request for a capture', () => {
  it('is final, of all that is kept, unless it says otherwise', () => {
    const request = create(CaptureHoldRequestSchema, { holdId: 'hld_1', idempotencyKey: 'k1' });
    expect(fromProtoCaptureHoldRequest(request)).toEqual({
      kind: 'parsed',
      value: {
        kind: 'capture_hold',
        holdId: 'hld_1',
        final: true,
        allowExcess: false,
        idempotencyKey: 'k1',
      },
    });
  });

  it.each([
    ['hold_id', { holdId: '' }],
    ['amount', { amount: '-1' }],
    ['amount', { amount: '0', more: true }],
    ['idempotency_key', { idempotencyKey: '' }],
  ])('is refused by the path %s for %j', (field, over) => {
    const whole = { holdId: 'hld_1', amount: '5', idempotencyKey: 'k1' };
    const request = create(CaptureHoldRequestSchema, { ...whole, ...over });
    expect(fromProtoCaptureHoldRequest(request)).toMatchObject({
      kind: 'refused',
      metadata: { field },
    });
  });
});

describe('requests for another end of a hold', () => {
  it('name the hold, and a key if they like', () => {
    const end = { case: 'ttl', value: { seconds: 9n } } as const;
    const extension = create(ExtendHoldRequestSchema, { holdId: 'hld_1', end });
    expect(fromProtoExtendHoldRequest(extension)).toEqual({
      kind: 'parsed',
      value: { kind: 'extend_hold', holdId: 'hld_1', end: { kind: 'ttl', ttlMs: 9000 } },
    });
    const release = create(ReleaseHoldRequestSchema, { holdId: 'hld_1', idempotencyKey: 'k' });
    expect(fromProtoReleaseHoldRequest(release)).toEqual({
      kind: 'parsed',
      value: { kind: 'release_hold', holdId: 'hld_1', idempotencyKey: 'k' },
    });
  });
});

describe('a request for a list', () => {
  it('has pages of fifty, and keeps all unless it asks for those that are pending', () => {
    const request = create(ListHoldsRequestSchema, { account, pendingOnly: true });
    expect(fromProtoListHoldsRequest(request)).toMatchObject({
      kind: 'parsed',
      value: { account: { kind: 'id', id: 'cca_1' }, liveOnly: true, page: { size: 50 } },
    });
  });
});
