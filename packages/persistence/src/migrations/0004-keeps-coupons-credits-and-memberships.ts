// Coupons, their codes and uses, customers' credits, redemptions, memberships and credit rules.
// What they are stands in the events that touched them: the tables say which events those are, and
// hold what lists and look-ups go by.
import { Migration } from '@mikro-orm/migrations';

export class KeepsCouponsCreditsAndMemberships extends Migration {
  override up(): void {
    for (const statement of [...records, ...indexes, ...customers]) this.addSql(statement);
  }
}

const records = [
  `create table coupon_record (
    book_id int not null,
    kind smallint not null,
    sequence bigint not null,
    line int not null,
    last_sequence bigint not null,
    status smallint not null,
    customer_id text collate "C" null,
    parent_id text collate "C" null,
    code text collate "C" null,
    redemption_type smallint null,
    multi_use boolean null,
    issued_at timestamptz(3) null,
    expires_at timestamptz(3) null,
    next_due_at timestamptz(3) null,
    period_key text collate "C" null,
    primary key (book_id, kind, sequence, line),
    constraint coupon_record_kind_check check (kind in (1, 2, 3, 4, 5, 6, 7)),
    constraint coupon_record_status_check check (status in (0, 1, 2))
  ) with (fillfactor = 80)`,
  `comment on table coupon_record is
    'Coupons and what comes of them: where their events say what they are.'`,
  `comment on column coupon_record.kind is
    '1 coupon, 2 code, 3 credit, 4 redemption, 5 membership, 6 rule, 7 uses of a coupon.'`,
  `comment on column coupon_record.sequence is
    'The event that made it; of uses, the one that made the coupon.'`,
  `comment on column coupon_record.line is
    'Its number among those of its kind that the event made, from 0.'`,
  `comment on column coupon_record.last_sequence is
    'The last event that touched it: its body says what it is.'`,
  `comment on column coupon_record.status is
    '0 open; 1 deleted (coupon, rule), redeemed (credit), reversed (redemption); 2 revoked.'`,
  `comment on column coupon_record.customer_id is
    'Whose credit or membership it is, or for whom a code is that is of no credit.'`,
  `comment on column coupon_record.parent_id is
    'The coupon of a code, the credit of a redemption, the type of a membership or a rule.'`,
  `comment on column coupon_record.redemption_type is 'Of a coupon: 1 manual, 2 credit.'`,
  `comment on column coupon_record.multi_use is 'Of a credit.'`,
  `comment on column coupon_record.issued_at is 'Of a credit.'`,
  `comment on column coupon_record.expires_at is 'Of a credit.'`,
  `comment on column coupon_record.next_due_at is
    'When time next does something to a membership.'`,
  `comment on column coupon_record.period_key is
    'Of a credit: the membership, the rule, the frequency and the period that it is for.'`,
];

const indexes = [
  `create unique index coupon_record_code_key on coupon_record (book_id, parent_id, code)
    where kind = 2`,
  `comment on index coupon_record_code_key is
    'Finds whether a code is taken among those of a coupon.'`,
  `create unique index coupon_record_period_key on coupon_record (book_id, period_key)
    where period_key is not null`,
  `comment on index coupon_record_period_key is 'A rule issues once for a period.'`,
  `create index coupon_record_parent_idx
    on coupon_record (book_id, kind, parent_id, sequence, line) where parent_id is not null`,
  `comment on index coupon_record_parent_idx is
    'Lists codes, redemptions, memberships of a type and rules of a type, newest first.'`,
  `create index coupon_record_customer_idx
    on coupon_record (book_id, customer_id, kind, issued_at, sequence, line)
    where customer_id is not null`,
  `comment on index coupon_record_customer_idx is
    'Lists the credits or memberships of a customer, newest first.'`,
  `create index coupon_record_due_idx on coupon_record (book_id, next_due_at)
    where next_due_at is not null`,
  `comment on index coupon_record_due_idx is
    'Finds the memberships of a book of which a period has begun.'`,
];

const customers = [
  `create table customer_event (
    book_id int not null,
    customer_id text collate "C" not null,
    sequence bigint not null,
    primary key (book_id, customer_id, sequence)
  )`,
  `comment on table customer_event is
    'The events about credits and memberships of a customer: their part of the history.'`,
];
