// Grants, holds and schedules. What they are stands in the events that touched them: these tables
// say which events those are, and of which accounts something is due.
import { Migration } from '@mikro-orm/migrations';

export class KeepsGrantsHoldsAndSchedules extends Migration {
  override up(): void {
    for (const statement of [...accounts, ...terms]) this.addSql(statement);
  }
}

const accounts = [
  `alter table account add column term_count int not null default 0,
    add column next_due_at timestamptz(3) null`,
  `create index account_due_idx on account (book_id, next_due_at)
    where next_due_at is not null`,
  `comment on column account.term_count is
    'Grants that are scheduled or have something left, pending holds, active schedules.'`,
  `comment on column account.next_due_at is
    'When time next does something to a grant, a hold or a schedule of the account.'`,
  `comment on index account_due_idx is
    'Finds the accounts of a book on which something is due.'`,
];

const terms = [
  `create table account_term (
    book_id int not null,
    id bigint not null,
    account_id bigint not null,
    kind smallint not null,
    is_live boolean not null,
    last_sequence bigint not null,
    primary key (book_id, id),
    constraint account_term_kind_check check (kind in (1, 2, 3))
  ) with (fillfactor = 70)`,
  `create index account_term_account_idx on account_term (book_id, account_id, kind, id)
    where kind > 0`,
  `create index account_term_live_idx on account_term (book_id, account_id, id) where is_live`,
  `comment on table account_term is 'The grants, holds and schedules of accounts.'`,
  `comment on column account_term.id is 'The sequence of the event that made it.'`,
  `comment on column account_term.kind is '1 grant, 2 hold, 3 schedule.'`,
  `comment on column account_term.is_live is
    'A grant that is scheduled or has something left, a pending hold, an active schedule.'`,
  `comment on column account_term.last_sequence is
    'The last event that touched it: its body says what it is.'`,
  `comment on index account_term_account_idx is
    'Lists the grants, holds or schedules of an account, newest first.'`,
  `comment on index account_term_live_idx is
    'Loads what matters to the balance of an account.'`,
  `create table term_change (
    book_id int not null,
    term_id bigint not null,
    sequence bigint not null,
    is_live boolean not null,
    primary key (book_id, term_id, sequence)
  )`,
  `comment on table term_change is
    'Every event that touched a grant, a hold or a schedule: what it was at a past sequence.'`,
  `comment on column term_change.is_live is 'As in account_term, after the event.'`,
];
