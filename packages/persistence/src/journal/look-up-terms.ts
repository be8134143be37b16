// Look-ups of grants, holds and schedules under the lock: rows find the events, bodies tell.
import type { FoundTerms, TermsIds, UnitOfWork } from '@scrip/engine';
import {
  instantBits,
  type BookEvent,
  type Grant,
  type Hold,
  type Place,
  type Schedule,
  type Sequence,
  type Term,
} from '@scrip/kernel';
import { sql } from 'kysely';
import type { LiveTerms } from '../mapping/account-row.ts';
import { numberOfKind } from '../mapping/event-row.ts';
import { sortTerms, termOf } from '../mapping/term-row.ts';
import type { WorkContext } from './work-context.ts';

interface TermBodyRow {
  readonly id: string;
  readonly account_id: string;
  readonly body: Uint8Array;
}

/** The live terms of accounts, by the account's key, each list by age. */
export async function loadLiveTerms(
  { run, book, codec }: WorkContext,
  accountKeys: readonly string[],
): Promise<ReadonlyMap<string, LiveTerms>> {
  const rows = await run(sql<TermBodyRow>`
    select t.id, t.account_id, e.body
    from unnest(${accountKeys}::int8[]) as k (id)
    cross join lateral (
      select id, account_id, last_sequence from account_term
      where book_id = ${book.id}::int4 and account_id = k.id and is_live
      order by id
    ) t
    cross join lateral (
      select body from event
      where book_id = ${book.id}::int4 and sequence = t.last_sequence limit 1
    ) e`);
  const termsByAccount = Map.groupBy(rows, (row) => row.account_id);
  return new Map(
    [...termsByAccount].map(([key, termRows]) => [
      key,
      sortTerms(termRows.map((row) => termOf(codec.decode(row.body), sequenceOf(row)))),
    ]),
  );
}

function sequenceOf({ id }: TermBodyRow): Sequence {
  return Number(id) as Sequence;
}

/** Makes the look-up of terms by their ids. */
export function createTermLookUps(context: WorkContext): Pick<UnitOfWork, 'findTerms'> {
  return { findTerms: (ids) => findTerms(context, ids) };
}

async function findTerms(context: WorkContext, asked: TermsIds): Promise<FoundTerms> {
  const { run, book, codec } = context;
  const places = placesOf(context, asked);
  if (places.length === 0) return { grants: [], holds: [], schedules: [], endings: [] };
  const rows = await run(sql<TermBodyRow>`
    select t.id, t.account_id, e.body
    from unnest(${places.map(({ sequence }) => sequence)}::int8[]) as k (id)
    cross join lateral (
      select id, account_id, last_sequence from account_term
      where book_id = ${book.id}::int4 and id = k.id limit 1
    ) t
    cross join lateral (
      select body from event
      where book_id = ${book.id}::int4 and sequence = t.last_sequence limit 1
    ) e`);
  const events = new Map(rows.map((row) => [sequenceOf(row), codec.decode(row.body)]));
  const terms = places.flatMap((place) => {
    const event = events.get(place.sequence);
    const term = event && termOf(event, place.sequence);
    return term !== undefined && isMeant(term, place) ? [term] : [];
  });
  const found = sortTerms(terms);
  const ended = [...found.holds, ...found.schedules].filter(hasEnded);
  const voided = found.grants.filter(({ status }) => status === 'voided');
  const endings = ended.flatMap(({ sequence }) => events.get(sequence) ?? []);
  return { ...found, endings: [...endings, ...(await findVoids(context, voided))] };
}

interface PlacedId extends Place {
  readonly kind: Term['kind'];
}

function placesOf({ book }: WorkContext, asked: TermsIds): readonly PlacedId[] {
  const { ids } = book;
  const placed = (kind: Term['kind'], place: Place | undefined): readonly PlacedId[] =>
    place === undefined ? [] : [{ ...place, kind }];
  return [
    ...asked.grantIds.flatMap((id) => placed('grant', ids.grantPlace(id))),
    ...asked.holdIds.flatMap((id) => placed('hold', ids.holdPlace(id))),
    ...asked.scheduleIds.flatMap((id) => placed('schedule', ids.schedulePlace(id))),
  ];
}

/** Whether a term is the one that an id was made for: a guessed id fails here. */
function isMeant({ kind, term }: Term, place: PlacedId): boolean {
  return kind === place.kind && instantBits(term.createdAt) === place.instantBits;
}

function hasEnded({ status }: Hold | Schedule): boolean {
  return status !== 'pending' && status !== 'active';
}

/** The events that voided grants: the first void of each, for what comes back later follows it. */
async function findVoids(
  { run, book, codec }: WorkContext,
  grants: readonly Grant[],
): Promise<readonly BookEvent[]> {
  if (grants.length === 0) return [];
  const rows = await run(sql<{ readonly body: Uint8Array }>`
    select e.body
    from unnest(${grants.map(({ sequence }) => sequence)}::int8[]) as k (id)
    cross join lateral (
      select v.body from term_change c
      cross join lateral (
        select kind, body from event
        where book_id = ${book.id}::int4 and sequence = c.sequence limit 1
      ) v
      where c.book_id = ${book.id}::int4 and c.term_id = k.id
        and v.kind = ${numberOfKind('grant_voided')}::int2
      order by c.sequence limit 1
    ) e`);
  return rows.map((row) => codec.decode(row.body));
}
