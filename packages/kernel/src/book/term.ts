// Terms: what grants, holds and schedules have in common for those who keep them.
import { isLive, type Grant } from '../grant/grant.ts';
import type { Hold } from '../hold/hold.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { grantsOf, holdOf, type BookEvent } from './event.ts';

/** A grant, a hold or a schedule, as an event left it. */
export type Term =
  | { readonly kind: 'grant'; readonly term: Grant }
  | { readonly kind: 'hold'; readonly term: Hold }
  | { readonly kind: 'schedule'; readonly term: Schedule };

const none: readonly Term[] = [];

/** All terms that an event touched, as they are after it. */
export function termsOf(event: BookEvent): readonly Term[] {
  const { change } = event;
  const hold = holdOf(event);
  // Most events touch none, and this is asked of each.
  if (hold === undefined && !('schedule' in change) && grantsOf(event).length === 0) return none;
  return [
    ...grantsOf(event).map((term) => ({ kind: 'grant', term }) as const),
    ...(hold === undefined ? [] : [{ kind: 'hold', term: hold } as const]),
    ...('schedule' in change ? [{ kind: 'schedule', term: change.schedule } as const] : []),
  ];
}

/** Whether a term still matters to its account. */
export function isLiveTerm({ kind, term }: Term): boolean {
  switch (kind) {
    case 'grant':
      return isLive(term);
    case 'hold':
      return term.status === 'pending';
    case 'schedule':
      return term.status === 'active';
  }
}
