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
      name: 'event_reversal_key',
      properties: ['bookId', 'subject'],
      where: 'subject is not null and reference_digest is not null',
    },
  ],
  indexes: [
    {
      name: 'event_reference_digest_idx',
      properties: ['bookId', 'referenceDigest', 'sequence'],
      where: 'reference_digest is not null',
    },
    {
      name: 'event_account_idx',
      properties: ['bookId', 'subject', 'sequence'],
      where: 'subject is not null and reference_digest is null',
    },
  ],
  checks: [
    {
      name: 'event_subject_check',
      expression: 'subject is not null or kind < 2 or kind > 5',
    },
  ],
  properties: {
    bookId: p.integer().primary(),
    sequence: p.bigint().primary(),
    requestDigest: p
      .bigint()
      .nullable()
      .comment('Tells whether a key comes again with the same request. 64 bits.'),
    referenceDigest: p
      .bigint()
      .nullable()
      .comment('64 bits of the SHA-256 of the reference; null where no credits moved.'),
    subject: p
      .bigint()
      .nullable()
      .comment('Of a reversal, the reversed transaction. Where no credits moved, the account.'),
    kind: p.smallint(),
    keyDigest: p.blob().nullable().comment(`Of the caller's key: 88 bits of its SHA-256.`),
    body: p.blob().comment('The bytes that are hashed; never encoded again.'),
  },
});

export class Event extends EventSchema.class {}
EventSchema.setClass(Event);
