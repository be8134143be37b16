// An event: the book of record.
import { defineEntity, p } from '@mikro-orm/postgresql';

const EventSchema = defineEntity({
  name: 'Event',
  tableName: 'event',
  comment: 'The book of record. All other tables of a book can be made again from it.',
  uniques: [
    {
      name: 'event_key_digest_key',
      properties: ['bookId', 'keyDigest'],
      where: 'key_digest is not null',
    },
    {
      name: 'event_reversal_of_key',
      properties: ['bookId', 'reversalOf'],
      where: 'reversal_of is not null',
    },
  ],
  indexes: [
    {
      name: 'event_reference_digest_idx',
      properties: ['bookId', 'referenceDigest', 'sequence'],
      where: 'reference_digest is not null',
    },
    {
      name: 'event_account_id_idx',
      properties: ['bookId', 'accountId', 'sequence'],
      where: 'account_id is not null',
    },
  ],
  checks: [
    {
      name: 'event_account_id_check',
      expression: 'account_id is not null or kind < 2 or kind > 5',
    },
  ],
  properties: {
    bookId: p.integer().primary(),
    sequence: p.bigint().primary(),
    kind: p.smallint(),
    createdAt: p.datetime(3),
    keyDigest: p.uuid().nullable().comment(`Of the caller's key: half of its SHA-256.`),
    requestDigest: p.uuid().nullable(),
    referenceDigest: p.uuid().nullable().comment('Half of the SHA-256 of the reference.'),
    reversalOf: p.bigint().nullable().comment('The sequence of the reversed transaction.'),
    entryCount: p.smallint().comment('Entries of customers; 0 when no credits moved.'),
    body: p.blob().comment('The bytes that are hashed and streamed; never encoded again.'),
    accountId: p
      .bigint()
      .nullable()
      .comment('The account that was changed; null where one was made, or credits moved.'),
  },
});

export class Event extends EventSchema.class {}
EventSchema.setClass(Event);
