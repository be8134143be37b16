// An event that touched a grant, a hold or a schedule.
import { defineEntity, p } from '@mikro-orm/postgresql';

const TermChangeSchema = defineEntity({
  name: 'TermChange',
  tableName: 'term_change',
  comment:
    'Every event that touched a grant, a hold or a schedule: what it was at a past sequence.',
  properties: {
    bookId: p.integer().primary(),
    termId: p.bigint().primary(),
    sequence: p.bigint().primary(),
    isLive: p.boolean().comment('As in account_term, after the event.'),
  },
});

export class TermChange extends TermChangeSchema.class {}
TermChangeSchema.setClass(TermChange);
