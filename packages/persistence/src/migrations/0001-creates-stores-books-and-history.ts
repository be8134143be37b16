// The first tables: stores and their keys, books, and what happened in them. Every table of a book
// begins its key with `book_id`; event and entry have no foreign keys, whose cost is a third.
//
// Every index beside a primary key is partial, if only by `is not null`: while a table is young all
// its indexes seem to cost the same, and a plan made then would look a primary key up in another
// index that begins with `book_id`, by reading the whole book. A partial index cannot be mistaken.
import { Migration } from '@mikro-orm/migrations';

export class CreatesStoresBooksAndHistory extends Migration {
  override up(): void {
    for (const statement of [...stores, ...books, ...accounts, ...history]) this.addSql(statement);
  }
}

const stores = [
  `create table store (
    id text collate "C" not null,
    name text not null,
    created_at timestamptz(3) not null default current_timestamp(3),
    primary key (id)
  )`,
  `comment on table store is
    'One merchant. Every row of every book belongs to exactly one.'`,
  `comment on column store.id is 'sto_ and eleven characters.'`,
  `create table api_key (
    id text collate "C" not null,
    store_id text collate "C" null,
    mode text null,
    scopes text[] not null,
    name text not null,
    prefix text not null,
    digest bytea not null,
    created_at timestamptz(3) not null default current_timestamp(3),
    revoked_at timestamptz(3) null,
    primary key (id),
    constraint api_key_digest_key unique (digest),
    constraint api_key_store_fkey foreign key (store_id) references store (id),
    constraint api_key_mode_check check (mode in ('test', 'prod')),
    constraint api_key_operator_check check ((store_id is null) = (mode is null))
  )`,
  `comment on index api_key_digest_key is
    'Finds the key that a caller shows. No key is given twice.'`,
  `comment on table api_key is
    'What callers show, as SHA-256 digests. The operator key has no store and no mode.'`,
  `comment on column api_key.prefix is 'The beginning of the key, to tell keys apart.'`,
];

const books = [
  // A head is rewritten with every batch: space for its next versions keeps it on one page.
  `create table book (
    id int generated always as identity,
    store_id text collate "C" not null,
    mode text not null,
    head_sequence bigint not null default 0,
    chain_hash bytea not null,
    last_instant timestamptz(3) null,
    id_key bytea not null,
    clock_offset_ms bigint not null default 0,
    primary key (id),
    constraint book_store_id_mode_key unique (store_id, mode),
    constraint book_store_fkey foreign key (store_id) references store (id),
    constraint book_mode_check check (mode in ('test', 'prod')),
    constraint book_head_sequence_check check (head_sequence >= 0),
    constraint book_chain_hash_check check (octet_length(chain_hash) = 32)
  ) with (fillfactor = 10)`,
  `comment on index book_store_id_mode_key is
    'Finds the book of a store in a mode. There is one of each.'`,
  `comment on table book is
    'The accounts and the history of one store in one mode, and where they stand.'`,
  `comment on column book.id_key is 'Secret: scrambles ids, keys request digests.'`,
  `create table unit (
    book_id int not null,
    label text collate "C" not null,
    scale smallint not null,
    issued numeric not null,
    spent numeric not null,
    expired numeric not null,
    primary key (book_id, label),
    constraint unit_scale_check check (scale >= 0 and scale <= 18)
  ) with (fillfactor = 50)`,
  `comment on table unit is
    'What is counted. With the balances of its accounts the three amounts add up to zero.'`,
];

const accounts = [
  // No index holds a column that a posting changes: with room on the page, balances are updated
  // without touching any index.
  `create table account (
    book_id int not null,
    id bigint not null,
    customer_id text collate "C" not null,
    external_id text collate "C" null,
    name text collate "C" not null,
    name_key text collate "C" not null,
    unit_label text collate "C" not null,
    status text collate "C" not null,
    balance numeric not null,
    held numeric not null default 0,
    last_sequence bigint not null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    balance_updated_at timestamptz(3) not null,
    display_name text null,
    email text null,
    metadata text null,
    primary key (book_id, id),
    constraint account_status_check check (status in ('active', 'frozen', 'closed')),
    constraint account_held_check check (held >= 0),
    constraint account_available_check check (balance >= held)
  ) with (fillfactor = 50)`,
  `create unique index account_external_id_key on account (book_id, external_id)
    where external_id is not null`,
  `create unique index account_name_key on account (book_id, customer_id, name_key)
    where status <> 'closed'`,
  `create index account_customer_idx on account (book_id, customer_id, id)
    where customer_id is not null`,
  // Every name meets the condition, and only the one list says so: nothing else is planned to read
  // every account that is named `default`.
  `create index account_name_idx on account (book_id, name_key, id)
    where length(name_key) > 0`,
  `comment on index account_external_id_key is
    'Finds the account of an external id. It is unique for ever.'`,
  `comment on index account_name_key is
    'Finds whether a name is taken among the accounts of a customer that are not closed.'`,
  `comment on index account_customer_idx is
    'Lists the accounts of a customer, newest first, in every status.'`,
  `comment on index account_name_idx is
    'Lists the accounts of a name whose customer is not told, newest first, in every status.'`,
  `comment on table account is
    'Balances as the last event left them, and the personal fields, which no event has.'`,
  `comment on column account.id is 'The sequence of the event that made the account.'`,
  `comment on column account.metadata is 'JSON as it came, its keys sorted.'`,
];

const history = [
  `create table event (
    book_id int not null,
    sequence bigint not null,
    kind smallint not null,
    created_at timestamptz(3) not null,
    key_digest uuid null,
    request_digest uuid null,
    reference_digest uuid null,
    reversal_of bigint null,
    entry_count smallint not null,
    body bytea not null,
    primary key (book_id, sequence)
  )`,
  `create unique index event_key_digest_key on event (book_id, key_digest)
    where key_digest is not null`,
  `create index event_reference_digest_idx on event (book_id, reference_digest, sequence)
    where reference_digest is not null`,
  `create unique index event_reversal_of_key on event (book_id, reversal_of)
    where reversal_of is not null`,
  `comment on index event_key_digest_key is
    'Finds what became of an idempotency key. A key makes one event, for ever.'`,
  `comment on index event_reference_digest_idx is
    'Lists the transactions of a reference, newest first.'`,
  `comment on index event_reversal_of_key is
    'Finds the reversal of a transaction. There is one at most.'`,
  `comment on table event is
    'The book of record. All other tables of a book can be made again from it.'`,
  `comment on column event.key_digest is 'Of the caller''s key: half of its SHA-256.'`,
  `comment on column event.reference_digest is 'Half of the SHA-256 of the reference.'`,
  `comment on column event.reversal_of is 'The sequence of the reversed transaction.'`,
  `comment on column event.entry_count is 'Entries of customers; 0 when no credits moved.'`,
  `comment on column event.body is
    'The bytes that are hashed and streamed; never encoded again.'`,
  `create table entry (
    book_id int not null,
    account_id bigint not null,
    sequence bigint not null,
    line smallint not null,
    amount numeric not null,
    balance numeric not null,
    primary key (book_id, account_id, sequence)
  )`,
  `comment on table entry is
    'The history of an account as a range of keys. An event touches an account once.'`,
  `comment on column entry.amount is 'Positive for a credit.'`,
  `comment on column entry.balance is 'Of the account, after the entry.'`,
  `create table seal (
    book_id int not null,
    last_sequence bigint not null,
    created_at timestamptz(3) not null,
    chain_hash bytea not null,
    primary key (book_id, last_sequence)
  )`,
  `create index seal_created_at_idx on seal (book_id, created_at, last_sequence)
    where created_at is not null`,
  `comment on index seal_created_at_idx is 'Finds the sequence that a book had at an instant.'`,
  `comment on table seal is 'The end of a batch. An instant becomes a sequence here.'`,
];
