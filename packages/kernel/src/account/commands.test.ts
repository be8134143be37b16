// The form of commands on accounts.
import { expect, it } from 'vitest';
import { parseUpdateAccount } from './commands.ts';

it('refuses a change of an account that is not named, and one of nothing', () => {
  const account = { kind: 'id', id: '' } as const;
  expect(parseUpdateAccount({ account, displayName: 'Ada' })).toMatchObject({
    metadata: { field: 'account.id' },
  });
  expect(parseUpdateAccount({ account: { ...account, id: 'cca_1' } })).toMatchObject({
    metadata: { field: 'display_name' },
  });
});
