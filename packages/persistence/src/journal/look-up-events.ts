// Look-ups of events under the lock. Digests and places find the rows; the contents decide.
import type { UnitOfWork } from '@scrip/engine';
import { postingOf, type BookEvent } from '@scrip/kernel';
import { sql } from 'kysely';
import { prepare } from '../connection/prepared.ts';
import { fromBigint, keyDigestOf } from '../mapping/digest.ts';
import { arrayOf, parameterOf } from './column-types.ts';
import type { WorkContext } from './work-context.ts';

type EventLookUps = Pick<UnitOfWork, 'findEventsByKey' | 'findEventsByTransactionId'>;

/** Makes the look-ups of events. */
export function createEventLookUps(context: WorkContext): EventLookUps {
  return {
    findEventsByKey: (keys) => findEventsByKey(context, keys),
    findEventsByTransactionId: (ids) => findEventsByTransactionId(context, ids),
  };
}

interface KeyRow {
  readonly body: Uint8Array;
  readonly request_digest: string | null;
}

// One probe of the index for each key, whatever the planner believes about the table.
const eventsByKey = prepare<{ readonly book: number; readonly digests: unknown }, KeyRow>(
  ({ book, digests }) => sql`
    select e.body, e.request_digest
    from unnest(${digests}::bytea[]) as k (digest)
    cross join lateral (
      select body, request_digest from event
      where book_id = ${book}::int4 and key_digest = k.digest limit 1
    ) e`,
);

// The one key of a caller alone: an array and a join would cost it more than the probe does.
const eventByKey = prepare<{ readonly book: number; readonly digest: unknown }, KeyRow>(
  ({ book, digest }) => sql`
    select body, request_digest from event
    where book_id = ${book}::int4 and key_digest = ${digest}::bytea limit 1`,
);

async function findEventsByKey(
  context: WorkContext,
  keys: readonly string[],
): ReturnType<UnitOfWork['findEventsByKey']> {
  const { codec } = context;
  const rows = await findRowsByDigest(context, keys.map(keyDigestOf));
  const wanted = new Set(keys);
  return rows
    .map((row) => ({
      event: codec.decode(row.body),
      requestDigest: fromBigint(row.request_digest ?? '0'),
    }))
    .filter(({ event }) => wanted.has(event.idempotencyKey ?? ''));
}

function findRowsByDigest(
  { runPrepared, book }: WorkContext,
  digests: readonly string[],
): Promise<readonly KeyRow[]> {
  const [digest = null, ...others] = digests;
  return others.length === 0
    ? runPrepared(eventByKey, { book: book.id, digest: parameterOf(digest, 'hex') })
    : runPrepared(eventsByKey, { book: book.id, digests: arrayOf(digests, 'hex') });
}

async function findEventsByTransactionId(
  { run, book, codec }: WorkContext,
  ids: readonly string[],
): Promise<readonly BookEvent[]> {
  const sequences = ids.flatMap((id) => book.ids.transactionPlace(id)?.sequence ?? []);
  if (sequences.length === 0) return [];
  const rows = await run(sql<{ readonly body: Uint8Array }>`
    select e.body
    from unnest(${sequences}::int8[]) as t (sequence)
    cross join lateral (
      (select body from event
      where book_id = ${book.id}::int4 and sequence = t.sequence limit 1)
      union all
      (select body from event
      where book_id = ${book.id}::int4 and subject = t.sequence
        and reference_digest is not null limit 1)
    ) e`);
  const wanted = new Set(ids);
  return rows
    .map((row) => codec.decode(row.body))
    .filter((event) => {
      const transaction = postingOf(event)?.transaction;
      if (transaction === undefined) return false;
      return wanted.has(transaction.id) || wanted.has(transaction.reversalOf ?? '');
    });
}
