// Grants, holds and schedules as rows that point at the events which say what they are.
import type { Batch, Book } from '@scrip/engine';
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

/** The term that was made by an event, as a later event left it. */
export function termOf(event: BookEvent, id: Sequence): Term {
  const found = termsOf(event).find(({ term }) => term.sequence === id);
  assert(found !== undefined, 'an event holds the terms that it touched');
  return found;
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

function accountKeyOf(book: Book, id: AccountId): number {
  const place = book.ids.accountPlace(id);
  assert(place !== undefined, 'the account of a term is one of the book');
  return place.sequence;
}
