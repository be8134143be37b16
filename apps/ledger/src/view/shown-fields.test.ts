// What answers show to access tokens.
import { create, type DescMessage } from '@bufbuild/protobuf';
import {
  AccountSchema,
  AllocationSchema,
  BalanceSchema,
  BatchGetBalancesResponseSchema,
  EntrySchema,
  GetAccountResponseSchema,
  GetBalanceResponseSchema,
  GetHeadResponseSchema,
  ListAccountsResponseSchema,
  ListEntriesResponseSchema,
} from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { showToViewer, shownFields } from './shown-fields.ts';

describe('the fields shown to an access token', () => {
  it.each<[DescMessage, readonly string[]]>([
    [AccountSchema, ['external_id', 'email', 'metadata', 'sequence']],
    [BalanceSchema, ['sequence']],
    [EntrySchema, ['sequence']],
    [AllocationSchema, []],
    [GetAccountResponseSchema, ['sequence']],
    [ListAccountsResponseSchema, ['sequence']],
    [GetBalanceResponseSchema, ['sequence']],
    [BatchGetBalancesResponseSchema, ['sequence']],
    [ListEntriesResponseSchema, ['sequence']],
  ])('are all of %s but the hidden ones', (desc, hidden) => {
    const shown = shownFields.get(desc.typeName) ?? [];
    const names = desc.fields.map(({ name }) => name);
    expect(names.filter((name) => !shown.includes(name))).toEqual(hidden);
    expect(shown.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('an answer', () => {
  it('shows what is the bearer’s, and hides the rest at every depth', () => {
    const account = {
      id: 'cca_1',
      externalId: 'x',
      email: 'a@b',
      metadata: { a: 1 },
      sequence: 9n,
    };
    const createdAt = { seconds: 5n };
    const answer = create(ListAccountsResponseSchema, {
      accounts: [{ ...account, displayName: 'Ada', createdAt }],
      totalSize: 1n,
      sequence: 12n,
    });
    const expected = create(ListAccountsResponseSchema, {
      accounts: [{ id: 'cca_1', displayName: 'Ada', createdAt }],
      totalSize: 1n,
    });
    expect(showToViewer(ListAccountsResponseSchema, answer)).toEqual(expected);
    expect(answer.sequence).toBe(12n);
  });

  it('of which nothing is said is not shown at all', () => {
    const answer = create(GetHeadResponseSchema, { sequence: 12n });
    expect(() => showToViewer(GetHeadResponseSchema, answer)).toThrow(/it is said what/);
  });
});
