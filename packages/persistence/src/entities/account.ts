// An account: a projection of the events, and the only home of its personal fields.
import { defineEntity, p } from '@mikro-orm/postgresql';

const AccountSchema = defineEntity({
  name: 'Account',
  tableName: 'account',
  comment: 'Balances as the last event left them, and the personal fields, which no event has.',
  uniques: [
    {
      name: 'account_external_id_key',
      properties: ['bookId', 'externalId'],
      where: 'external_id is not null',
    },
    {
      name: 'account_name_key',
      properties: ['bookId', 'customerId', 'nameKey'],
      where: `status <> 'closed'`,
    },
  ],
  indexes: [
    {
      name: 'account_customer_idx',
      properties: ['bookId', 'customerId', 'id'],
      where: 'customer_id is not null',
    },
    {
      name: 'account_due_idx',
      properties: ['bookId', 'nextDueAt'],
      where: 'next_due_at is not null',
    },
    {
      name: 'account_name_idx',
      properties: ['bookId', 'nameKey', 'id'],
      where: 'length(name_key) > 0',
    },
  ],
  checks: [{ name: 'account_available_check', expression: 'held >= 0 and balance >= held' }],
  properties: {
    bookId: p.integer().primary(),
    id: p.bigint().primary().comment('The sequence of the event that made the account.'),
    customerId: p.text().collation('C'),
    externalId: p.text().collation('C').nullable(),
    name: p.text().collation('C'),
    nameKey: p.text().collation('C'),
    unitLabel: p.text().collation('C'),
    status: p.text().collation('C'),
    balance: p.decimal().columnType('numeric'),
    held: p.decimal().columnType('numeric').default('0'),
    lastSequence: p.bigint(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    balanceUpdatedAt: p.datetime(3),
    displayName: p.text().nullable(),
    email: p.text().nullable(),
    termCount: p
      .integer()
      .default(0)
      .comment(
        'Grants that are scheduled or have something left, pending holds, active schedules.',
      ),
    nextDueAt: p
      .datetime(3)
      .nullable()
      .comment('When time next does something to a grant, a hold or a schedule of the account.'),
    metadata: p.text().nullable().comment('JSON as it came, its keys sorted.'),
  },
});

export class Account extends AccountSchema.class {}
AccountSchema.setClass(Account);
