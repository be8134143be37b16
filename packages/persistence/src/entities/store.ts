// A store: one merchant.
import { defineEntity, p } from '@mikro-orm/postgresql';

const StoreSchema = defineEntity({
  name: 'Store',
  tableName: 'store',
  comment: 'One merchant. Every row of every book belongs to exactly one.',
  properties: {
    id: p.text().primary().collation('C').comment('sto_ and eleven characters.'),
    name: p.text(),
    createdAt: p.datetime(3).defaultRaw('current_timestamp(3)'),
  },
});

export class Store extends StoreSchema.class {}
StoreSchema.setClass(Store);
