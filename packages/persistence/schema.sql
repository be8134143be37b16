-- What the migrations make; pnpm --filter @scrip/persistence generate writes it.

create domain account_status as text collate "C" constraint account_status_check CHECK ((VALUE = ANY (ARRAY['active'::text, 'frozen'::text, 'closed'::text])));
comment on domain account_status is 'What an account accepts.';
create domain book_mode as text constraint book_mode_check CHECK ((VALUE = ANY (ARRAY['test'::text, 'prod'::text])));
comment on domain book_mode is 'Of a book, and of the keys that open it.';
create domain chain_hash as bytea constraint chain_hash_check CHECK ((octet_length(VALUE) = 32));
comment on domain chain_hash is 'SHA-256 of a history up to a seal; zeros before the first.';
create domain head_sequence as bigint constraint head_sequence_check CHECK ((VALUE >= 0));
comment on domain head_sequence is 'The last event of a book; 0 when it has none.';
create domain unit_scale as smallint constraint unit_scale_check CHECK (((VALUE >= 0) AND (VALUE <= 18)));
comment on domain unit_scale is 'How many digits an amount may have behind the point.';

create table account (
  id bigint not null,
  book_id integer not null,
  term_count integer default 0 not null,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  next_due_at timestamp(3) with time zone,
  balance_updated_at timestamp(3) with time zone not null,
  last_sequence bigint not null,
  balance numeric not null,
  held numeric default 0 not null,
  customer_id text collate "C" not null,
  external_id text collate "C",
  name text collate "C" not null,
  name_key text collate "C" not null,
  unit_label text collate "C" not null,
  status account_status not null,
  display_name text,
  email text,
  metadata text,
  constraint account_pkey PRIMARY KEY (book_id, id),
  constraint account_available_check CHECK (((held >= (0)::numeric) AND (balance >= held)))
) with (fillfactor=50);
CREATE INDEX account_customer_idx ON account USING btree (book_id, customer_id, id) WHERE (customer_id IS NOT NULL);
CREATE INDEX account_due_idx ON account USING btree (book_id, next_due_at) WHERE (next_due_at IS NOT NULL);
CREATE UNIQUE INDEX account_external_id_key ON account USING btree (book_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX account_name_idx ON account USING btree (book_id, name_key, id) WHERE (length(name_key) > 0);
CREATE UNIQUE INDEX account_name_key ON account USING btree (book_id, customer_id, name_key) WHERE ((status)::text <> 'closed'::text);
comment on table account is 'Balances as the last event left them, and the personal fields, which no event has.';
comment on column account.id is 'The sequence of the event that made the account.';
comment on column account.term_count is 'Grants that are scheduled or have something left, pending holds, active schedules.';
comment on column account.next_due_at is 'When time next does something to a grant, a hold or a schedule of the account.';
comment on column account.metadata is 'JSON as it came, its keys sorted.';
comment on index account_customer_idx is 'Lists the accounts of a customer, newest first, in every status.';
comment on index account_due_idx is 'Finds the accounts of a book on which something is due.';
comment on index account_external_id_key is 'Finds the account of an external id. It is unique for ever.';
comment on index account_name_idx is 'Lists the accounts of a name whose customer is not told, newest first, in every status.';
comment on index account_name_key is 'Finds whether a name is taken among the accounts of a customer that are not closed.';

create table account_term (
  book_id integer not null,
  id bigint not null,
  account_id bigint not null,
  kind smallint not null,
  is_live boolean not null,
  last_sequence bigint not null,
  constraint account_term_pkey PRIMARY KEY (book_id, id),
  constraint account_term_kind_check CHECK ((kind = ANY (ARRAY[1, 2, 3])))
) with (fillfactor=70);
CREATE INDEX account_term_account_idx ON account_term USING btree (book_id, account_id, kind, id) WHERE (kind > 0);
CREATE INDEX account_term_live_idx ON account_term USING btree (book_id, account_id, id) WHERE is_live;
comment on table account_term is 'The grants, holds and schedules of accounts.';
comment on column account_term.id is 'The sequence of the event that made it.';
comment on column account_term.kind is '1 grant, 2 hold, 3 schedule.';
comment on column account_term.is_live is 'A grant that is scheduled or has something left, a pending hold, an active schedule.';
comment on column account_term.last_sequence is 'The last event that touched it: its body says what it is.';
comment on index account_term_account_idx is 'Lists the grants, holds or schedules of an account, newest first.';
comment on index account_term_live_idx is 'Loads what matters to the balance of an account.';

create table api_key (
  id text collate "C" not null,
  store_id text collate "C",
  mode book_mode,
  scopes text[] not null,
  name text not null,
  prefix text not null,
  digest bytea not null,
  created_at timestamp(3) with time zone default CURRENT_TIMESTAMP(3) not null,
  revoked_at timestamp(3) with time zone,
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_digest_key UNIQUE (digest),
  constraint api_key_operator_check CHECK (((store_id IS NULL) = (mode IS NULL)))
);
comment on table api_key is 'What callers show, as SHA-256 digests. The operator key has no store and no mode.';
comment on column api_key.prefix is 'The beginning of the key, to tell keys apart.';
comment on index api_key_digest_key is 'Finds the key that a caller shows. No key is given twice.';

create table book (
  id integer generated always as identity not null,
  store_id text collate "C" not null,
  mode book_mode not null,
  head_sequence head_sequence default 0 not null,
  chain_hash chain_hash not null,
  last_instant timestamp(3) with time zone,
  id_key bytea not null,
  clock_offset_ms bigint default 0 not null,
  constraint book_pkey PRIMARY KEY (id),
  constraint book_store_id_mode_key UNIQUE (store_id, mode)
) with (fillfactor=10);
comment on table book is 'The accounts and the history of one store in one mode, and where they stand.';
comment on column book.id_key is 'Secret: scrambles ids, keys request digests.';
comment on index book_store_id_mode_key is 'Finds the book of a store in a mode. There is one of each.';

create table coupon_record (
  book_id integer not null,
  kind smallint not null,
  sequence bigint not null,
  line integer not null,
  last_sequence bigint not null,
  status smallint not null,
  customer_id text collate "C",
  parent_id text collate "C",
  code text collate "C",
  redemption_type smallint,
  multi_use boolean,
  issued_at timestamp(3) with time zone,
  expires_at timestamp(3) with time zone,
  next_due_at timestamp(3) with time zone,
  period_key text collate "C",
  constraint coupon_record_pkey PRIMARY KEY (book_id, kind, sequence, line),
  constraint coupon_record_kind_check CHECK ((kind = ANY (ARRAY[1, 2, 3, 4, 5, 6, 7]))),
  constraint coupon_record_status_check CHECK ((status = ANY (ARRAY[0, 1, 2])))
) with (fillfactor=80);
CREATE UNIQUE INDEX coupon_record_code_key ON coupon_record USING btree (book_id, parent_id, code) WHERE (kind = 2);
CREATE INDEX coupon_record_customer_idx ON coupon_record USING btree (book_id, customer_id, kind, issued_at, sequence, line) WHERE (customer_id IS NOT NULL);
CREATE INDEX coupon_record_due_idx ON coupon_record USING btree (book_id, next_due_at) WHERE (next_due_at IS NOT NULL);
CREATE INDEX coupon_record_parent_idx ON coupon_record USING btree (book_id, kind, parent_id, sequence, line) WHERE (parent_id IS NOT NULL);
CREATE UNIQUE INDEX coupon_record_period_key ON coupon_record USING btree (book_id, period_key) WHERE (period_key IS NOT NULL);
comment on table coupon_record is 'Coupons and what comes of them: where their events say what they are.';
comment on column coupon_record.kind is '1 coupon, 2 code, 3 credit, 4 redemption, 5 membership, 6 rule, 7 uses of a coupon.';
comment on column coupon_record.sequence is 'The event that made it; of uses, the one that made the coupon.';
comment on column coupon_record.line is 'Its number among those of its kind that the event made, from 0.';
comment on column coupon_record.last_sequence is 'The last event that touched it: its body says what it is.';
comment on column coupon_record.status is '0 open; 1 deleted (coupon, rule), redeemed (credit), reversed (redemption); 2 revoked.';
comment on column coupon_record.customer_id is 'Whose credit or membership it is, or for whom a code is that is of no credit.';
comment on column coupon_record.parent_id is 'The coupon of a code, the credit of a redemption, the type of a membership or a rule.';
comment on column coupon_record.redemption_type is 'Of a coupon: 1 manual, 2 credit.';
comment on column coupon_record.multi_use is 'Of a credit.';
comment on column coupon_record.issued_at is 'Of a credit.';
comment on column coupon_record.expires_at is 'Of a credit.';
comment on column coupon_record.next_due_at is 'When time next does something to a membership.';
comment on column coupon_record.period_key is 'Of a credit: the membership, the rule, the frequency and the period that it is for.';
comment on index coupon_record_code_key is 'Finds whether a code is taken among those of a coupon.';
comment on index coupon_record_customer_idx is 'Lists the credits or memberships of a customer, newest first.';
comment on index coupon_record_due_idx is 'Finds the memberships of a book of which a period has begun.';
comment on index coupon_record_parent_idx is 'Lists codes, redemptions, memberships of a type and rules of a type, newest first.';
comment on index coupon_record_period_key is 'A rule issues once for a period.';

create table customer_event (
  book_id integer not null,
  customer_id text collate "C" not null,
  sequence bigint not null,
  constraint customer_event_pkey PRIMARY KEY (book_id, customer_id, sequence)
);
comment on table customer_event is 'The events about credits and memberships of a customer: their part of the history.';

create table entry (
  account_id bigint not null,
  sequence bigint not null,
  book_id integer not null,
  line smallint not null,
  amount numeric not null,
  balance numeric not null,
  constraint entry_pkey PRIMARY KEY (book_id, account_id, sequence)
);
comment on table entry is 'The history of an account as a range of keys. An event touches an account once.';
comment on column entry.amount is 'Positive for a credit.';
comment on column entry.balance is 'Of the account, after the entry.';

create table event (
  sequence bigint not null,
  request_digest bigint,
  reference_digest bigint,
  subject bigint,
  book_id integer not null,
  kind smallint not null,
  key_digest bytea,
  body bytea not null,
  constraint event_pkey PRIMARY KEY (book_id, sequence),
  constraint event_subject_check CHECK (((subject IS NOT NULL) OR (kind < 2) OR (kind > 5)))
);
CREATE INDEX event_account_idx ON event USING btree (book_id, subject, sequence) WHERE ((subject IS NOT NULL) AND (reference_digest IS NULL));
CREATE UNIQUE INDEX event_key_digest_key ON event USING btree (book_id, key_digest) WHERE (key_digest IS NOT NULL);
CREATE INDEX event_reference_digest_idx ON event USING btree (book_id, reference_digest, sequence) WHERE (reference_digest IS NOT NULL);
CREATE UNIQUE INDEX event_reversal_key ON event USING btree (book_id, subject) WHERE ((subject IS NOT NULL) AND (reference_digest IS NOT NULL));
comment on table event is 'The book of record. All other tables of a book can be made again from it.';
comment on column event.request_digest is 'Tells whether a key comes again with the same request. 64 bits.';
comment on column event.reference_digest is '64 bits of the SHA-256 of the reference; null where no credits moved.';
comment on column event.subject is 'Of a reversal, the reversed transaction. Where no credits moved, the account.';
comment on column event.key_digest is 'Of the caller''s key: 88 bits of its SHA-256.';
comment on column event.body is 'The bytes that are hashed; never encoded again.';
comment on index event_account_idx is 'Lists the changes of an account that moved no credits, in their order.';
comment on index event_key_digest_key is 'Finds what became of an idempotency key. A key makes one event, for ever.';
comment on index event_reference_digest_idx is 'Lists the transactions of a reference, newest first.';
comment on index event_reversal_key is 'Finds the reversal of a transaction. There is one at most.';

create table seal (
  book_id integer not null,
  last_sequence bigint not null,
  created_at timestamp(3) with time zone not null,
  chain_hash bytea not null,
  constraint seal_pkey PRIMARY KEY (book_id, last_sequence)
);
CREATE INDEX seal_created_at_idx ON seal USING btree (book_id, created_at, last_sequence) WHERE (created_at IS NOT NULL);
comment on table seal is 'The end of a batch. An instant becomes a sequence here.';
comment on index seal_created_at_idx is 'Finds the sequence that a book had at an instant.';

create table signing_key (
  number integer not null,
  id text collate "C" not null,
  secret bytea not null,
  created_at timestamp(3) with time zone default CURRENT_TIMESTAMP(3) not null,
  constraint signing_key_pkey PRIMARY KEY (number),
  constraint signing_key_id_key UNIQUE (id),
  constraint signing_key_secret_check CHECK ((octet_length(secret) = 32))
);
comment on table signing_key is 'Secrets that sign access tokens. The last one signs, those before it still verify.';
comment on column signing_key.number is '1, 2, 3: a higher one is newer.';
comment on column signing_key.id is 'The kid of a token.';
comment on index signing_key_id_key is 'Finds the key that signed a token.';

create table store (
  id text collate "C" not null,
  name text not null,
  created_at timestamp(3) with time zone default CURRENT_TIMESTAMP(3) not null,
  constraint store_pkey PRIMARY KEY (id)
);
comment on table store is 'One merchant. Every row of every book belongs to exactly one.';
comment on column store.id is 'sto_ and eleven characters.';

create table term_change (
  book_id integer not null,
  term_id bigint not null,
  sequence bigint not null,
  is_live boolean not null,
  constraint term_change_pkey PRIMARY KEY (book_id, term_id, sequence)
);
comment on table term_change is 'Every event that touched a grant, a hold or a schedule: what it was at a past sequence.';
comment on column term_change.is_live is 'As in account_term, after the event.';

create table unit (
  book_id integer not null,
  label text collate "C" not null,
  scale unit_scale not null,
  issued numeric not null,
  spent numeric not null,
  expired numeric not null,
  constraint unit_pkey PRIMARY KEY (book_id, label)
) with (fillfactor=50);
comment on table unit is 'What is counted. With the balances of its accounts the three amounts add up to zero.';

alter table api_key add constraint api_key_store_fkey FOREIGN KEY (store_id) REFERENCES store(id);
alter table book add constraint book_store_fkey FOREIGN KEY (store_id) REFERENCES store(id);
