// Requests for streams, as what the feed is asked for.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { EventKind, WatchBalancesRequestSchema, WatchHistoryRequestSchema } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import {
  fromProtoWatchBalancesRequest,
  fromProtoWatchHistoryRequest,
} from './from-proto-watch-requests.ts';

type HistoryInit = Exclude<
  MessageInitShape<typeof WatchHistoryRequestSchema>,
  { $typeName: never }
>;
type Start = NonNullable<HistoryInit['start']>;

const account = { ref: { case: 'externalId', value: 'wallet-1' } } as const;
const chainHash = new Uint8Array(32).fill(7);

const history = (init: HistoryInit) =>
  fromProtoWatchHistoryRequest(create(WatchHistoryRequestSchema, init));
const balances = (init: MessageInitShape<typeof WatchBalancesRequestSchema>, allowsAll = false) =>
  fromProtoWatchBalancesRequest(create(WatchBalancesRequestSchema, init), { allowsAll });
const invalid = (field: string) => ({
  kind: 'refused',
  reason: 'FIELD_INVALID',
  metadata: { field },
});

describe('a request for history', () => {
  it('is about the whole book from now on when it names nothing', () => {
    const watch = { scope: { kind: 'all' }, start: { kind: 'now' } };
    expect(history({})).toEqual({ kind: 'parsed', value: watch });
  });

  it('carries accounts and kinds', () => {
    const kinds = [EventKind.TRANSACTION_POSTED, EventKind.ACCOUNT_CLOSED];
    expect(history({ accounts: [account], kinds })).toMatchObject({
      value: {
        scope: { kind: 'accounts', refs: [{ kind: 'external_id', externalId: 'wallet-1' }] },
        kinds: new Set(['transaction_posted', 'account_closed']),
      },
    });
  });

  it('carries a customer', () => {
    const scope = { kind: 'customer', customerId: 'c1' };
    expect(history({ customerId: 'c1' })).toMatchObject({ value: { scope } });
  });

  it.each([
    ['a position with its seal', 'after', { sequence: 5n, sealedSequence: 7n, chainHash }],
    ['a position that proves nothing', 'after', { sequence: 5n }],
  ] as const)('resumes after %s', (_what, kind, value) => {
    const seal = 'chainHash' in value ? { seal: { sequence: 7, chainHash } } : {};
    const start = { kind, position: { sequence: 5, ...seal } };
    expect(history({ start: { case: 'after', value } })).toMatchObject({ value: { start } });
  });

  it('leaves a cursor to be read', () => {
    const start = { kind: 'after_cursor', cursor: 'abc' };
    const answer = history({ start: { case: 'after', value: { cursor: 'abc' } } });
    expect(answer).toMatchObject({ value: { start } });
  });

  it.each<[unknown, Start]>([
    [
      { kind: 'from_sequence', sequence: 1 },
      { case: 'fromSequence', value: 0n },
    ],
    [
      { kind: 'from_sequence', sequence: 9 },
      { case: 'fromSequence', value: 9n },
    ],
    [
      { kind: 'from_sequence', sequence: Number.MAX_SAFE_INTEGER },
      { case: 'fromSequence', value: 2n ** 64n - 1n },
    ],
    [
      { kind: 'from_time', instant: 2001 },
      { case: 'fromTime', value: { seconds: 2n, nanos: 1 } },
    ],
    [{ kind: 'beginning' }, { case: 'beginning', value: {} }],
    [{ kind: 'now' }, { case: 'now', value: {} }],
  ])('starts with %j', (start, asked) => {
    expect(history({ start: asked })).toMatchObject({ value: { start } });
  });

  it.each<[string, HistoryInit]>([
    ['customer_id', { accounts: [account], customerId: 'c1' }],
    ['customer_id', { customerId: 'c\u0000' }],
    ['accounts[1]', { accounts: [account, {}] }],
    ['kinds[0]', { kinds: [99 as EventKind] }],
    ['from_time', { start: { case: 'fromTime', value: { seconds: -(2n ** 40n) } } }],
    ['after.chain_hash', { start: { case: 'after', value: { chainHash: new Uint8Array(31) } } }],
    ['after.sealed_sequence', { start: { case: 'after', value: { sealedSequence: 3n } } }],
    [
      'after.sealed_sequence',
      { start: { case: 'after', value: { sequence: 4n, sealedSequence: 3n, chainHash } } },
    ],
    ['after.cursor', { start: { case: 'after', value: { sequence: 4n, cursor: 'abc' } } }],
  ])('is refused for %s', (field, init) => {
    expect(history(init)).toMatchObject(invalid(field));
  });
});

describe('a request for balances', () => {
  it('carries a customer or accounts', () => {
    expect(balances({ customerId: 'c1' })).toMatchObject({ value: { kind: 'customer' } });
    expect(balances({ accounts: [account] })).toMatchObject({ value: { kind: 'accounts' } });
  });

  it('is refused when it names neither, unless all may be asked for', () => {
    expect(balances({})).toMatchObject(invalid('accounts'));
    expect(balances({}, true)).toEqual({ kind: 'parsed', value: { kind: 'all' } });
  });

  it('is refused when it names both', () => {
    expect(balances({ accounts: [account], customerId: 'c1' })).toMatchObject(
      invalid('customer_id'),
    );
  });
});
