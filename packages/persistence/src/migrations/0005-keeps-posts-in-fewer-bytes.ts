// Fewer bytes for a post: columns in the order of their alignment, those together that a posting
// changes, shorter digests, and nothing that a seal says as well. The rows are written anew, in the
// order in which they lie; indexes are made when they are there.
//
// Rows of at most eight columns have nulls for nothing; a ninth takes eight bytes of each row. An
// entry of an index takes a multiple of eight bytes: a header of 8, a book's id of 4 and a key's
// digest of 11 with its length are 24.
import { Migration } from '@mikro-orm/migrations';

export class KeepsPostsInFewerBytes extends Migration {
  override up(): void {
    for (const statement of [lock, ...events, ...entries, ...accounts]) this.addSql(statement);
  }
}

// Writers and readers begin with the book: none waits for it while it holds what is wanted here.
const lock = `lock table book, account, entry, event in access exclusive mode`;

/** Gives the name of a table free, and the names of its constraints: a schema has each once. */
const putAside = (table: string): readonly string[] => [
  `alter table ${table} rename to old_${table}`,
  `do $$ declare it name; begin
    for it in select conname from pg_constraint where conrelid = 'old_${table}'::regclass loop
      execute format('alter table old_${table} rename constraint %I to %I', it, 'old_' || it);
    end loop;
  end $$`,
];

/** The first 64 bits of what was kept as 128. */
const first64 = (digest: string): string =>
  `('x' || left(replace(${digest}::text, '-', ''), 16))::bit(64)::bigint`;

const events = [
  ...putAside('event'),
  `create table event (
    sequence bigint not null,
    request_digest bigint null,
    reference_digest bigint null,
    subject bigint null,
    book_id int not null,
    kind smallint not null,
    key_digest bytea null,
    body bytea not null
  )`,
  // An event that moved credits named no account, and no other one a reversed transaction.
  `insert into event
    select sequence, ${first64('request_digest')}, ${first64('reference_digest')},
      coalesce(reversal_of, account_id), book_id, kind,
      substring(uuid_send(key_digest) from 1 for 11), body
    from old_event`,
  `drop table old_event`,
  `alter table event add primary key (book_id, sequence),
    add constraint event_subject_check check (subject is not null or kind < 2 or kind > 5)`,
  `create unique index event_key_digest_key on event (book_id, key_digest)
    where key_digest is not null`,
  `create index event_reference_digest_idx on event (book_id, reference_digest, sequence)
    where reference_digest is not null`,
  `create unique index event_reversal_key on event (book_id, subject)
    where subject is not null and reference_digest is not null`,
  `create index event_account_idx on event (book_id, subject, sequence)
    where subject is not null and reference_digest is null`,
  `comment on index event_key_digest_key is
    'Finds what became of an idempotency key. A key makes one event, for ever.'`,
  `comment on index event_reference_digest_idx is
    'Lists the transactions of a reference, newest first.'`,
  `comment on index event_reversal_key is
    'Finds the reversal of a transaction. There is one at most.'`,
  `comment on index event_account_idx is
    'Lists the changes of an account that moved no credits, in their order.'`,
  `comment on table event is
    'The book of record. All other tables of a book can be made again from it.'`,
  `comment on column event.request_digest is
    'Tells whether a key comes again with the same request. 64 bits.'`,
  `comment on column event.reference_digest is
    '64 bits of the SHA-256 of the reference; null where no credits moved.'`,
  `comment on column event.subject is
    'Of a reversal, the reversed transaction. Where no credits moved, the account.'`,
  `comment on column event.key_digest is 'Of the caller''s key: 88 bits of its SHA-256.'`,
  `comment on column event.body is 'The bytes that are hashed; never encoded again.'`,
];

const entries = [
  ...putAside('entry'),
  `create table entry (
    account_id bigint not null,
    sequence bigint not null,
    book_id int not null,
    line smallint not null,
    amount numeric not null,
    balance numeric not null
  )`,
  `insert into entry
    select account_id, sequence, book_id, line, amount, balance from old_entry`,
  `drop table old_entry`,
  `alter table entry add primary key (book_id, account_id, sequence)`,
  `comment on table entry is
    'The history of an account as a range of keys. An event touches an account once.'`,
  `comment on column entry.amount is 'Positive for a credit.'`,
  `comment on column entry.balance is 'Of the account, after the entry.'`,
];

const accounts = [
  ...putAside('account'),
  // The log of an update has what lies between the first and the last byte that it changes: what a
  // posting changes lies together.
  `create table account (
    id bigint not null,
    book_id int not null,
    term_count int not null default 0,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    next_due_at timestamptz(3) null,
    balance_updated_at timestamptz(3) not null,
    last_sequence bigint not null,
    balance numeric not null,
    held numeric not null default 0,
    customer_id text collate "C" not null,
    external_id text collate "C" null,
    name text collate "C" not null,
    name_key text collate "C" not null,
    unit_label text collate "C" not null,
    status text collate "C" not null,
    display_name text null,
    email text null,
    metadata text null
  ) with (fillfactor = 50)`,
  `insert into account
    select id, book_id, term_count, created_at, updated_at, next_due_at, balance_updated_at,
      last_sequence, balance, held, customer_id, external_id, name, name_key, unit_label, status,
      display_name, email, metadata
    from old_account`,
  `drop table old_account`,
  `alter table account add primary key (book_id, id),
    add constraint account_status_check check (status in ('active', 'frozen', 'closed')),
    add constraint account_held_check check (held >= 0),
    add constraint account_available_check check (balance >= held)`,
  `create unique index account_external_id_key on account (book_id, external_id)
    where external_id is not null`,
  `create unique index account_name_key on account (book_id, customer_id, name_key)
    where status <> 'closed'`,
  `create index account_customer_idx on account (book_id, customer_id, id)
    where customer_id is not null`,
  `create index account_name_idx on account (book_id, name_key, id)
    where length(name_key) > 0`,
  `create index account_due_idx on account (book_id, next_due_at)
    where next_due_at is not null`,
  `comment on index account_external_id_key is
    'Finds the account of an external id. It is unique for ever.'`,
  `comment on index account_name_key is
    'Finds whether a name is taken among the accounts of a customer that are not closed.'`,
  `comment on index account_customer_idx is
    'Lists the accounts of a customer, newest first, in every status.'`,
  `comment on index account_name_idx is
    'Lists the accounts of a name whose customer is not told, newest first, in every status.'`,
  `comment on index account_due_idx is
    'Finds the accounts of a book on which something is due.'`,
  `comment on table account is
    'Balances as the last event left them, and the personal fields, which no event has.'`,
  `comment on column account.id is 'The sequence of the event that made the account.'`,
  `comment on column account.metadata is 'JSON as it came, its keys sorted.'`,
  `comment on column account.term_count is
    'Grants that are scheduled or have something left, pending holds, active schedules.'`,
  `comment on column account.next_due_at is
    'When time next does something to a grant, a hold or a schedule of the account.'`,
];
