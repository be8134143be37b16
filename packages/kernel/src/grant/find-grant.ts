// Finding grants by their ids, among few or many.
import type { GrantId } from '../value/id.ts';
import type { Grant } from './grant.ts';

/** Finds a grant by its id. */
export type FindGrant = (id: GrantId) => Grant | undefined;

/** Looking each up is quicker than an index of all of them, up to so many. */
const unindexedCountMax = 4;

/** Finds grants of a list, of which so many will be looked up. */
export function findIn(grants: readonly Grant[], lookUpCount: number): FindGrant {
  if (lookUpCount <= unindexedCountMax) return (id) => grants.find((grant) => grant.id === id);
  const grantsById = new Map(grants.map((grant) => [grant.id, grant]));
  return (id) => grantsById.get(id);
}

/** Finds what became of some grants, and the others as before. */
export function findAfter(before: FindGrant, changed: readonly Grant[]): FindGrant {
  if (changed.length === 0) return before;
  const after = findIn(changed, changed.length);
  return (id) => after(id) ?? before(id);
}
