// An event about a credit or a membership of a customer.
import { defineEntity, p } from '@mikro-orm/postgresql';

const CustomerEventSchema = defineEntity({
  name: 'CustomerEvent',
  tableName: 'customer_event',
  comment: 'The events about credits and memberships of a customer: their part of the history.',
  properties: {
    bookId: p.integer().primary(),
    customerId: p.text().collation('C').primary(),
    sequence: p.bigint().primary(),
  },
});

export class CustomerEvent extends CustomerEventSchema.class {}
CustomerEventSchema.setClass(CustomerEvent);
