// Look-ups of grants, holds and schedules under the lock: rows find the events, bodies tell.
import type { FoundTerms, TermsIds, UnitOfWork } from '@scrip/engine';
import {
  instantBits,
  type BookEvent,
  type Grant,
  type Hold,
  type Place,
  type Schedule,
  type Term,
} from '@scrip/kernel';
import { sql } from 'kysely';
import type { LiveTerms } from '../mapping/account-row.ts';
import { numberOfKind } from '../mapping/event-row.ts';
import { accountKeyOf, fromToldRows, selectTold, sortTerms } from '../mapping/term-row.ts';
import type { WorkContext } from './work-context.ts';

/** The live terms of accounts, by the account's key, each list by age. */
export async function loadLiveTerms(
  { run, book, codec }: WorkContext,
  accountKeys: readonly string[],
): Promise<ReadonlyMap<string, LiveTerms>> {
  const terms = sql`
    select t.id, t.last_sequence as sequence
    from unnest(${accountKeys}::int8[]) as k (id)
    cross join lateral (
      select id, last_sequence from account_term
      where book_id = ${book.id}::int4 and account_id = k.id and is_live
      order by id
    ) t`;
  const rows = await run(selectTold(terms, { bookId: sql`${book.id}::int4` }));
  const byAge = fromToldRows(rows, codec)
    .map(({ term }) => term)
    .toSorted((a, b) => a.term.sequence - b.term.sequence);
  const termsByAccount = Map.groupBy(byAge, ({ term }) => accountKeyOf(book, term.accountId));
  return new Map(
    [...termsByAccount].map(([key, ofAccount]) => [String(key), sortTerms(ofAccount)]),
  );
}

/** Makes the look-up of terms by their ids. */
export function createTermLookUps(context: WorkContext): Pick<UnitOfWork, 'findTerms'> {
  return { findTerms: (ids) => findTerms(context, ids) };
}

async function findTerms(context: WorkContext, asked: TermsIds): Promise<FoundTerms> {
  const { run, book, codec } = context;
  const places = placesOf(context, asked);
  if (places.length === 0) return { grants: [], holds: [], schedules: [], endings: [] };
  const named = sql`
    select t.id, t.last_sequence as sequence
    from unnest(${places.map(({ sequence }) => sequence)}::int8[]) as k (id)
    cross join lateral (
      select id, last_sequence from account_term
      where book_id = ${book.id}::int4 and id = k.id limit 1
    ) t`;
  const rows = await run(selectTold(named, { bookId: sql`${book.id}::int4` }));
  const told = new Map(fromToldRows(rows, codec).map((each) => [each.term.term.sequence, each]));
  const terms = places.flatMap((place) => {
    const term = told.get(place.sequence)?.term;
    return term !== undefined && isMeant(term, place) ? [term] : [];
  });
  const found = sortTerms(terms);
  const ended = [...found.holds, ...found.schedules].filter(hasEnded);
  const voided = found.grants.filter(({ status }) => status === 'voided');
  const endings = ended.flatMap(({ sequence }) => told.get(sequence)?.event ?? []);
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
