// Accounts as messages, and requests for them.
import { AccountStatus, AccountSchema, CreateAccountRequestSchema } from '@scrip/contract';
import { create, toJson } from '@bufbuild/protobuf';
import { instantFromMs, type AccountId, type AccountSnapshot, type Sequence } from '@scrip/kernel';
import { describe, expect, it } from 'vitest';
import { fromProtoCreateAccountRequest } from './from-proto-account-requests.ts';
import { toProtoAccount } from './to-proto-account.ts';

const snapshot: AccountSnapshot = {
  id: 'cca_00000000001' as AccountId,
  customerId: 'c1',
  name: 'Main',
  unit: { label: 'credits', scale: 2 },
  status: 'active',
  balance: 10n ** 40n + 50n,
  held: 50n,
  createdAt: instantFromMs(1_700_000_000_001),
  updatedAt: instantFromMs(1_700_000_000_002),
  sequence: 3 as Sequence,
};

describe('the message of an account', () => {
  it('has canonical amounts beyond 64 bits, and what is available', () => {
    const message = toProtoAccount(snapshot);
    expect(message.balance).toBe(`1${'0'.repeat(38)}.5`);
    expect(message.available).toBe(`1${'0'.repeat(38)}`);
    expect(message.held).toBe('0.5');
    expect(message.status).toBe(AccountStatus.ACTIVE);
  });

  it('has personal fields only where they are given', () => {
    expect(toJson(AccountSchema, toProtoAccount(snapshot))).not.toHaveProperty('email');
    const personal = { displayName: 'Ada', email: 'ada@example.com', metadata: { a: 1 } };
    expect(toJson(AccountSchema, toProtoAccount(snapshot, personal))).toMatchObject(personal);
  });

  it('has instants in whole milliseconds', () => {
    const json = toJson(AccountSchema, toProtoAccount(snapshot));
    expect(json).toMatchObject({
      createdAt: '2023-11-14T22:13:20.001Z',
      updatedAt: '2023-11-14T22:13:20.002Z',
      sequence: '3',
    });
  });
});

describe('a request for an account', () => {
  it('takes the defaults of name and unit when they are empty', () => {
    const request = create(CreateAccountRequestSchema, { customerId: 'c1' });
    expect(fromProtoCreateAccountRequest(request)).toEqual({
      kind: 'parsed',
      value: {
        kind: 'create_account',
        customerId: 'c1',
        name: 'default',
        unitLabel: 'credits',
        personal: {},
      },
    });
  });
});
