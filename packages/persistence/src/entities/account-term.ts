// A grant, a hold or a schedule: where its events say what it is.
import { defineEntity, p } from '@mikro-orm/postgresql';

const AccountTermSchema = defineEntity({
  name: 'AccountTerm',
  tableName: 'account_term',
  comment: 'The grants, holds and schedules of accounts.',
  indexes: [
    {
      name: 'account_term_account_idx',
      properties: ['bookId', 'accountId', 'kind', 'id'],
      where: 'kind > 0',
    },
    {
      name: 'account_term_live_idx',
      properties: ['bookId', 'accountId', 'id'],
      where: 'is_live',
    },
  ],
  checks: [{ name: 'account_term_kind_check', expression: 'kind in (1, 2, 3)' }],
  properties: {
    bookId: p.integer().primary(),
    id: p.bigint().primary().comment('The sequence of the event that made it.'),
    accountId: p.bigint(),
    kind: p.smallint().comment('1 grant, 2 hold, 3 schedule.'),
    isLive: p
      .boolean()
      .comment(
        'A grant that is scheduled or has something left, a pending hold, an active schedule.',
      ),
    lastSequence: p.bigint().comment('The last event that touched it: its body says what it is.'),
  },
});

export class AccountTerm extends AccountTermSchema.class {}
AccountTermSchema.setClass(AccountTerm);
