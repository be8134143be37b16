// What the events make of grants, holds and schedules, as far as it is stored beside the events.
import { isLiveTerm, termsOf, type AccountId, type BookEvent, type Sequence } from '@scrip/kernel';
import type { StoredTerm, StoredTermChange } from '../port/audit-source.ts';
import { addHash, noHashes, type HashSum } from './hash-sum.ts';

/** A term as stored, and a digest of all its changes. */
export interface TermRecord extends StoredTerm {
  readonly accountId: AccountId;
  readonly changes: HashSum;
}

/** Terms by the sequence of the event that made them. */
export type TermRecords = Map<Sequence, TermRecord>;

/** Notes what an event does to terms. */
export function noteTerms(records: TermRecords, event: BookEvent): void {
  for (const term of termsAfter(event)) {
    const changes = records.get(term.sequence)?.changes ?? noHashes;
    const line = lineOf({ sequence: event.sequence, isLive: term.isLive });
    records.set(term.sequence, { ...term, changes: addHash(changes, line) });
  }
}

/** The terms that an event touched, as they are stored after it. */
export function termsAfter(event: BookEvent): readonly (StoredTerm & { accountId: AccountId })[] {
  return termsOf(event).map((each) => {
    const { sequence, accountId } = each.term;
    const { sequence: lastSequence } = event;
    return { sequence, kind: each.kind, accountId, isLive: isLiveTerm(each), lastSequence };
  });
}

/** A change as a line of the digest of its term. */
export function lineOf({ sequence, isLive: live }: Omit<StoredTermChange, 'term'>): string {
  return `${sequence} ${live ? 'live' : 'over'}`;
}
