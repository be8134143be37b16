// Voids of grants whose time is over.
import { createTestBook } from '@scrip/testkit';
import { expect, it } from 'vitest';
import { parsePostOneSided } from '../transaction/commands.ts';
import type { Instant } from '../value/instant.ts';
import { parseVoidGrant } from './commands.ts';

it('refuses to void a grant that was used up before its time was over', () => {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c' });
  const account = { kind: 'id', id } as const;
  const expiresAt = (book.state.instant + 1_000) as Instant;
  const named = { reference: 'trial', idempotencyKey: 'trial' };
  const terms = { category: 'promotional', expiresAt } as const;
  book.submit(parsePostOneSided('credit', { account, amount: '10', ...named, terms }));
  book.post('debit', id, '10');
  const [grantId = ''] = book.state.grants.keys();
  book.state.instant = expiresAt;
  expect(book.submit(parseVoidGrant({ grantId }))).toMatchObject({
    reason: 'GRANT_NOT_ACTIVE',
    metadata: { grant_id: grantId, status: 'expired' },
  });
});
