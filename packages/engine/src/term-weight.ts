// How much memory the grants, holds and schedules of an account take, in units of half a KiB.
import type { Account, Hold } from '@scrip/kernel';

/** Parsed, the text of metadata takes some times as much as it is long. */
const metadataLengthPerUnit = 64;
/** Parts of a hold that take as much as a unit. */
const allocationsPerUnit = 4;

/** Holds never change: what one takes is found out once. */
const weightsByHold = new WeakMap<Hold, number>();

/** The weight of all terms of an account; 0 when it has none. */
export function termWeightOf({ grants, holds, schedules }: Account): number {
  return holds.reduce((sum, hold) => sum + weightOf(hold), grants.length + schedules.length);
}

function weightOf(hold: Hold): number {
  const unadorned = 1 + Math.floor(hold.allocations.length / allocationsPerUnit);
  if (hold.metadata === undefined) return unadorned;
  const known = weightsByHold.get(hold);
  if (known !== undefined) return known;
  const { length } = JSON.stringify(hold.metadata);
  const weight = unadorned + Math.ceil(length / metadataLengthPerUnit);
  weightsByHold.set(hold, weight);
  return weight;
}
