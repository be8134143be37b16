// A unit of a book, and its system accounts.
import { defineEntity, p } from '@mikro-orm/postgresql';

const UnitSchema = defineEntity({
  name: 'Unit',
  tableName: 'unit',
  comment: 'What is counted. With the balances of its accounts the three amounts add up to zero.',
  properties: {
    bookId: p.integer().primary(),
    label: p.text().primary().collation('C'),
    scale: p.smallint(),
    issued: p.decimal().columnType('numeric'),
    spent: p.decimal().columnType('numeric'),
    expired: p.decimal().columnType('numeric'),
  },
});

export class Unit extends UnitSchema.class {}
UnitSchema.setClass(Unit);
