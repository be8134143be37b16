// The feed of an account: its postings are found by their entries, its creation by its id, and its
// other changes by a new column of `event`, which is null for all else, so that postings cost no
// more. And the keys that sign access tokens.
import type { EventCodec } from '@scrip/engine';
import { Migration } from '@mikro-orm/migrations';
import { createRun } from '../connection/run.ts';
import { fillChangedAccounts } from './fill-changed-accounts.ts';

/** Makes the migration with the codec that reads the events which are there already. */
export function findsAccountChanges(
  codec: EventCodec,
): new (...args: ConstructorParameters<typeof Migration>) => Migration {
  return class FindsAccountChangesAndKeepsSigningKeys extends Migration {
    override async up(): Promise<void> {
      await this.execute(column);
      await fillChangedAccounts(createRun(this.getEntityManager().getKysely()), codec);
      for (const statement of [...history, ...signingKeys]) this.addSql(statement);
    }
  };
}

const column = `alter table event add column account_id bigint null`;

const history = [
  // An older process that still runs has its changes of accounts refused, not left out of the feed.
  `alter table event add constraint event_account_id_check
    check (account_id is not null or kind < 2 or kind > 5)`,
  `create index event_account_id_idx on event (book_id, account_id, sequence)
    where account_id is not null`,
  `comment on column event.account_id is
    'The account that was changed; null where one was made, or credits moved.'`,
  `comment on index event_account_id_idx is
    'Lists the changes of an account that moved no credits, in their order.'`,
];

const signingKeys = [
  `create table signing_key (
    number int not null,
    id text collate "C" not null,
    secret bytea not null,
    created_at timestamptz(3) not null default current_timestamp(3),
    primary key (number),
    constraint signing_key_id_key unique (id),
    constraint signing_key_secret_check check (octet_length(secret) = 32)
  )`,
  `comment on table signing_key is
    'Secrets that sign access tokens. The last one signs, those before it still verify.'`,
  `comment on column signing_key.number is '1, 2, 3: a higher one is newer.'`,
  `comment on column signing_key.id is 'The kid of a token.'`,
  `comment on index signing_key_id_key is 'Finds the key that signed a token.'`,
];
