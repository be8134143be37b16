// Checks of single values go from the tables to domains. PostgreSQL reads and prepares the checks
// of a table anew for each statement that writes a row of it, whatever the columns; those of a
// domain it keeps prepared, and looks at them when a column of the domain is assigned.
//
// No table is written anew: a column that gets a domain without a check keeps its bytes, and the
// check that the domain gets then reads them. One index is made again, whose condition names a
// status. `seal.chain_hash` has no check and stays without: each is written together with that of
// its book, from one and the same value.
import { Migration } from '@mikro-orm/migrations';

export class ChecksValuesWhenTheyAreAssigned extends Migration {
  override up(): void {
    for (const statement of [lock, ...domains, ...columns, ...checks]) this.addSql(statement);
  }
}

// A new store writes its keys before its books. All others begin with the book, as in 0005: none
// waits for it while it holds what is wanted here.
const lock = `lock table api_key, book, account, unit in access exclusive mode`;

const domains = [
  `create domain account_status as text collate "C"`,
  `create domain book_mode as text`,
  `create domain head_sequence as bigint`,
  `create domain chain_hash as bytea`,
  `create domain unit_scale as smallint`,
  `comment on domain account_status is 'What an account accepts.'`,
  `comment on domain book_mode is 'Of a book, and of the keys that open it.'`,
  `comment on domain head_sequence is 'The last event of a book; 0 when it has none.'`,
  `comment on domain chain_hash is 'SHA-256 of a history up to a seal; zeros before the first.'`,
  `comment on domain unit_scale is 'How many digits an amount may have behind the point.'`,
];

const columns = [
  `alter table account alter column status type account_status,
    drop constraint account_status_check,
    drop constraint account_held_check,
    drop constraint account_available_check,
    add constraint account_available_check check (held >= 0 and balance >= held)`,
  `alter table book alter column mode type book_mode,
    alter column head_sequence type head_sequence,
    alter column chain_hash type chain_hash,
    drop constraint book_mode_check,
    drop constraint book_head_sequence_check,
    drop constraint book_chain_hash_check`,
  `alter table api_key alter column mode type book_mode, drop constraint api_key_mode_check`,
  `alter table unit alter column scale type unit_scale, drop constraint unit_scale_check`,
];

const checks = [
  `alter domain account_status add constraint account_status_check
    check (value in ('active', 'frozen', 'closed'))`,
  `alter domain book_mode add constraint book_mode_check check (value in ('test', 'prod'))`,
  `alter domain head_sequence add constraint head_sequence_check check (value >= 0)`,
  `alter domain chain_hash add constraint chain_hash_check check (octet_length(value) = 32)`,
  `alter domain unit_scale add constraint unit_scale_check check (value >= 0 and value <= 18)`,
];
