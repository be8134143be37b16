// The rows that a flush of posts writes, made up: the same tables, columns and bytes, and nothing
// decided. As texts of arrays, which is how the driver sends them.
import { randomBytes } from 'node:crypto';

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
  const digests = randomBytes(rowCount * 48).toString('hex');
  const digestAt = (place: number, kind: number): string =>
    digests.slice((place * 3 + kind) * 32, (place * 3 + kind + 1) * 32);
  const bodies = randomBytes(rowCount * options.bodyBytes).toString('hex');
  const width = options.bodyBytes * 2;
  const ones = array(accounts.map(() => '1'));
  return [
    array(sequences),
    array(accounts.map(() => 6)),
    array(accounts.map((_, place) => digestAt(place, 0))),
    array(accounts.map((_, place) => digestAt(place, 1))),
    array(accounts.map((_, place) => digestAt(place, 2))),
    ones,
    array(accounts.map((_, p) => `"\\\\x${bodies.slice(p * width, (p + 1) * width)}"`)),
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

/** Writes a batch in one statement, as the journal does; book 1 is the one that is written. */
export const writeStatement = `
  with
  events as (
    insert into event (
      book_id, sequence, kind, created_at, key_digest, request_digest, reference_digest,
      reversal_of, entry_count, account_id, body
    )
    select 1, sequence, kind, now(), key_digest, request_digest, reference_digest, null,
      entry_count, null, body
    from unnest(
      $1::int8[], $2::int2[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int2[], $7::bytea[]
    ) as e (sequence, kind, key_digest, request_digest, reference_digest, entry_count, body)
  ),
  entries as (
    insert into entry (book_id, account_id, sequence, line, amount, balance)
    select 1, account_id, sequence, line, amount, balance
    from unnest($8::int8[], $1::int8[], $9::int2[], $10::numeric[], $11::numeric[])
      as e (account_id, sequence, line, amount, balance)
  ),
  posted as (
    update account a set balance = c.balance, last_sequence = c.last_sequence,
      balance_updated_at = now()
    from unnest($12::int8[], $13::numeric[], $14::int8[]) as c (id, balance, last_sequence)
    cross join lateral (
      select ctid from account where book_id = 1 and id = c.id limit 1
    ) f
    where a.ctid = f.ctid returning 1
  ),
  units as (
    insert into unit (book_id, label, scale, issued, spent, expired)
    values (1, 'credits', 0, -$15::int8, 0, 0)
    on conflict (book_id, label) do update
    set issued = excluded.issued, spent = excluded.spent, expired = excluded.expired
  ),
  seals as (
    insert into seal (book_id, last_sequence, created_at, chain_hash)
    values (1, $15::int8, now(), $17::bytea)
  ),
  heads as (
    update book set head_sequence = $15::int8, chain_hash = $17::bytea, last_instant = now()
    where id = 1 and head_sequence = $16::int8 returning 1
  )
  select (select count(*) from heads)::int4 as heads,
    (select count(*) from posted)::int4 as posted`;
