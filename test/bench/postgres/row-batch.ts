// The rows that a flush of posts writes, made up: the same tables, columns and bytes, and nothing
// decided. As texts of arrays, which is how the driver sends them.
import { randomBytes } from 'node:crypto';

/** Bytes of the digest of a key. */
const keyDigestBytes = 11;

/** What the rows depend on. */
export type RowBatchOptions = {
  readonly rowCount: number;
  readonly accountCount: number;
  /** Bytes of the body of an event, as those of real posts have on average. */
  readonly bodyBytes: number;
  /** The sequence before the first of the batch. */
  readonly head: number;
  readonly random: () => number;
};

/** Parameters of `writeStatement`, but for the book. */
export function makeRowBatch(options: RowBatchOptions, balances: Float64Array): unknown[] {
  const { rowCount, head } = options;
  const accounts = Array.from({ length: rowCount }, () =>
    Math.floor(options.random() * options.accountCount),
  );
  const sequences = accounts.map((_, place) => head + 1 + place);
  const after = accounts.map((account) => (balances[account] = (balances[account] ?? 0) + 1));
  const touched = [...new Set(accounts)];
  const lastSequences = new Map(accounts.map((account, place) => [account, head + 1 + place]));
  const digests = randomBytes(rowCount * 16);
  const digestAt = (place: number): string => String(digests.readBigInt64BE(place * 8));
  const ones = array(accounts.map(() => '1'));
  return [
    array(sequences),
    array(accounts.map(() => 6)),
    bytesArray(rowCount, keyDigestBytes),
    array(accounts.map((_, place) => digestAt(place))),
    array(accounts.map((_, place) => digestAt(rowCount + place))),
    bytesArray(rowCount, options.bodyBytes),
    array(accounts.map((account) => account + 1)),
    array(accounts.map(() => 0)),
    ones,
    array(after),
    array(touched.map((account) => account + 1)),
    array(touched.map((account) => balances[account] ?? 0)),
    array(touched.map((account) => lastSequences.get(account) ?? 0)),
    head + rowCount,
    head,
    randomBytes(32),
  ];
}

function array(parts: readonly (string | number)[]): string {
  return `{${parts.join(',')}}`;
}

/** So many random values of so many bytes each. */
function bytesArray(count: number, size: number): string {
  const digits = randomBytes(count * size).toString('hex');
  const width = size * 2;
  return array(
    Array.from({ length: count }, (_, n) => `"\\\\x${digits.slice(n * width, (n + 1) * width)}"`),
  );
}

/** Writes a batch in one statement, as the journal does; book 1 is the one that is written. */
export const writeStatement = `
  with
  events as (
    insert into event (
      book_id, sequence, kind, key_digest, request_digest, reference_digest, subject, body
    )
    select 1, sequence, kind, key_digest, request_digest, reference_digest, null, body
    from unnest($1::int8[], $2::int2[], $3::bytea[], $4::int8[], $5::int8[], $6::bytea[])
      as e (sequence, kind, key_digest, request_digest, reference_digest, body)
  ),
  entries as (
    insert into entry (book_id, account_id, sequence, line, amount, balance)
    select 1, account_id, sequence, line, amount, balance
    from unnest($7::int8[], $1::int8[], $8::int2[], $9::numeric[], $10::numeric[])
      as e (account_id, sequence, line, amount, balance)
  ),
  posted as (
    update account a set balance = c.balance, last_sequence = c.last_sequence,
      balance_updated_at = now()
    from unnest($11::int8[], $12::numeric[], $13::int8[]) as c (id, balance, last_sequence)
    cross join lateral (
      select ctid from account where book_id = 1 and id = c.id limit 1
    ) f
    where a.ctid = f.ctid returning 1
  ),
  units as (
    insert into unit (book_id, label, scale, issued, spent, expired)
    values (1, 'credits', 0, -$14::int8, 0, 0)
    on conflict (book_id, label) do update
    set issued = excluded.issued, spent = excluded.spent, expired = excluded.expired
  ),
  seals as (
    insert into seal (book_id, last_sequence, created_at, chain_hash)
    values (1, $14::int8, now(), $16::bytea)
  ),
  heads as (
    update book set head_sequence = $14::int8, chain_hash = $16::bytea, last_instant = now()
    where id = 1 and head_sequence = $15::int8 returning 1
  )
  select (select count(*) from heads)::int4 as heads,
    (select count(*) from posted)::int4 as posted`;
