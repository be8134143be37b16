// A coupon, or something that comes of one: where its events say what it is.
import { defineEntity, p } from '@mikro-orm/postgresql';

const CouponRecordSchema = defineEntity({
  name: 'CouponRecord',
  tableName: 'coupon_record',
  comment: 'Coupons and what comes of them: where their events say what they are.',
  uniques: [
    {
      name: 'coupon_record_code_key',
      properties: ['bookId', 'parentId', 'code'],
      where: 'kind = 2',
    },
    {
      name: 'coupon_record_period_key',
      properties: ['bookId', 'periodKey'],
      where: 'period_key is not null',
    },
  ],
  indexes: [
    {
      name: 'coupon_record_parent_idx',
      properties: ['bookId', 'kind', 'parentId', 'sequence', 'line'],
      where: 'parent_id is not null',
    },
    {
      name: 'coupon_record_customer_idx',
      properties: ['bookId', 'customerId', 'kind', 'issuedAt', 'sequence', 'line'],
      where: 'customer_id is not null',
    },
    {
      name: 'coupon_record_due_idx',
      properties: ['bookId', 'nextDueAt'],
      where: 'next_due_at is not null',
    },
  ],
  checks: [
    { name: 'coupon_record_kind_check', expression: 'kind in (1, 2, 3, 4, 5, 6, 7)' },
    { name: 'coupon_record_status_check', expression: 'status in (0, 1, 2)' },
  ],
  properties: {
    bookId: p.integer().primary(),
    kind: p
      .smallint()
      .primary()
      .comment(
        '1 coupon, 2 code, 3 credit, 4 redemption, 5 membership, 6 rule, 7 uses of a coupon.',
      ),
    sequence: p
      .bigint()
      .primary()
      .comment('The event that made it; of uses, the one that made the coupon.'),
    line: p
      .integer()
      .primary()
      .comment('Its number among those of its kind that the event made, from 0.'),
    lastSequence: p.bigint().comment('The last event that touched it: its body says what it is.'),
    status: p
      .smallint()
      .comment(
        '0 open; 1 deleted (coupon, rule), redeemed (credit), reversed (redemption); 2 revoked.',
      ),
    customerId: p
      .text()
      .collation('C')
      .nullable()
      .comment('Whose credit or membership it is, or for whom a code is that is of no credit.'),
    parentId: p
      .text()
      .collation('C')
      .nullable()
      .comment(
        'The coupon of a code, the credit of a redemption, the type of a membership or a rule.',
      ),
    code: p.text().collation('C').nullable(),
    redemptionType: p.smallint().nullable().comment('Of a coupon: 1 manual, 2 credit.'),
    multiUse: p.boolean().nullable().comment('Of a credit.'),
    issuedAt: p.datetime(3).nullable().comment('Of a credit.'),
    expiresAt: p.datetime(3).nullable().comment('Of a credit.'),
    nextDueAt: p.datetime(3).nullable().comment('When time next does something to a membership.'),
    periodKey: p
      .text()
      .collation('C')
      .nullable()
      .comment(
        'Of a credit: the membership, the rule, the frequency and the period that it is for.',
      ),
  },
});

export class CouponRecord extends CouponRecordSchema.class {}
CouponRecordSchema.setClass(CouponRecord);
