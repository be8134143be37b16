// The order in which accounts are shown.
import type { AccountView } from './state.ts';

/** By name, closed ones last. */
export function byName(a: AccountView, b: AccountView): number {
  return rankOf(a) - rankOf(b) || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);
}

function rankOf({ status }: AccountView): number {
  return status === 'closed' ? 1 : 0;
}
