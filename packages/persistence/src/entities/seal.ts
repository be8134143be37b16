// A seal: the end of a batch, its instant and the hash of the history up to it.
import { defineEntity, p } from '@mikro-orm/postgresql';

const SealSchema = defineEntity({
  name: 'Seal',
  tableName: 'seal',
  comment: 'The end of a batch. An instant becomes a sequence here.',
  indexes: [
    {
      name: 'seal_created_at_idx',
      properties: ['bookId', 'createdAt', 'lastSequence'],
      where: 'created_at is not null',
    },
  ],
  properties: {
    bookId: p.integer().primary(),
    lastSequence: p.bigint().primary(),
    createdAt: p.datetime(3),
    chainHash: p.blob(),
  },
});

export class Seal extends SealSchema.class {}
SealSchema.setClass(Seal);
