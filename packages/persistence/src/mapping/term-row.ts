// Grants, holds and schedules as rows that point at the events which say what they are.
import type { Batch, Book, EventCodec } from '@scrip/engine';
import {
  assert,
  isLiveTerm,
  termsOf,
  type AccountId,
  type BookEvent,
  type Grant,
  type Hold,
  type Schedule,
  type Sequence,
  type Term,
} from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { LiveTerms } from './account-row.ts';

/** The number of each kind of term in the column `kind`. Numbers are never used again. */
export const termKinds = { grant: 1, hold: 2, schedule: 3 } as const;

/** The columns of a term. */
export interface TermRow {
  readonly id: number;
  readonly account_id: number;
  readonly kind: number;
  readonly is_live: boolean;
  readonly last_sequence: number;
}

/** The columns of an event that touched a term. */
export interface TermChangeRow {
  readonly term_id: number;
  readonly sequence: number;
  readonly is_live: boolean;
}

/** A term, and the event that tells it. Only one term of an event has its body with it. */
export interface ToldRow {
  readonly id: string;
  /** Of the event. */
  readonly sequence: string;
  readonly body: Uint8Array | null;
}

/** A term with the event that tells it. */
export interface ToldTerm {
  readonly event: BookEvent;
  readonly term: Term;
}

/** Reads terms, each event once: one can tell very many. */
export function fromToldRows(rows: readonly ToldRow[], codec: EventCodec): readonly ToldTerm[] {
  const toldBySequence = new Map(
    rows.flatMap(({ sequence, body }) => {
      if (body === null) return [];
      const event = codec.decode(body);
      const termsById = new Map(termsOf(event).map((each) => [each.term.sequence, each]));
      return [[sequence, { event, termsById }]];
    }),
  );
  return rows.map(({ id, sequence }) => {
    const told = toldBySequence.get(sequence);
    const term = told?.termsById.get(Number(id) as Sequence);
    assert(told !== undefined && term !== undefined, 'an event holds the terms that it touched');
    return { event: told.event, term };
  });
}

/**
 * Rows of terms with `id` and the `sequence` of their event, and the `body` of each event once, in
 * the book that `bookId` is.
 */
export function selectTold(
  terms: RawBuilder<unknown>,
  { bookId }: { readonly bookId: RawBuilder<unknown> },
): RawBuilder<ToldRow> {
  return sql<ToldRow>`
    select t.id, t.sequence, v.body
    from (select x.*, row_number() over (partition by x.sequence) as place from (${terms}) x) t
    left join lateral (
      select body from event
      where book_id = ${bookId} and sequence = t.sequence and t.place = 1 limit 1
    ) v on true`;
}

/** Terms by their kinds. */
export function sortTerms(terms: readonly Term[]): LiveTerms {
  const grants: Grant[] = [];
  const holds: Hold[] = [];
  const schedules: Schedule[] = [];
  for (const term of terms) {
    if (term.kind === 'grant') grants.push(term.term);
    else if (term.kind === 'hold') holds.push(term.term);
    else schedules.push(term.term);
  }
  return { grants, holds, schedules };
}

/** The rows that a batch leaves: each term as its last event has it, and all its changes. */
export function toTermRows(
  book: Book,
  { events }: Batch,
): { readonly terms: readonly TermRow[]; readonly changes: readonly TermChangeRow[] } {
  const termsById = new Map<number, TermRow>();
  const changes: TermChangeRow[] = [];
  for (const { event } of events) {
    for (const term of termsOf(event)) {
      const id = term.term.sequence;
      const isLive = isLiveTerm(term);
      changes.push({ term_id: id, sequence: event.sequence, is_live: isLive });
      termsById.set(id, {
        id,
        account_id: accountKeyOf(book, term.term.accountId),
        kind: termKinds[term.kind],
        is_live: isLive,
        last_sequence: event.sequence,
      });
    }
  }
  return { terms: [...termsById.values()], changes };
}

/** The key of the row of an account. */
export function accountKeyOf(book: Book, id: AccountId): number {
  const place = book.ids.accountPlace(id);
  assert(place !== undefined, 'the account of a term is one of the book');
  return place.sequence;
}
