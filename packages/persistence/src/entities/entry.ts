// An entry: one line of an account's history.
import { defineEntity, p } from '@mikro-orm/postgresql';

const EntrySchema = defineEntity({
  name: 'Entry',
  tableName: 'entry',
  comment: 'The history of an account as a range of keys. An event touches an account once.',
  properties: {
    bookId: p.integer().primary(),
    accountId: p.bigint().primary(),
    sequence: p.bigint().primary(),
    line: p.smallint(),
    amount: p.decimal().columnType('numeric').comment('Positive for a credit.'),
    balance: p.decimal().columnType('numeric').comment('Of the account, after the entry.'),
  },
});

export class Entry extends EntrySchema.class {}
EntrySchema.setClass(Entry);
