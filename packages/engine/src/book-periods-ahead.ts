// Periods of the memberships of a flush that have begun, where they are too many to come before its
// commands: a commit of its own, as if a sweeper had been there.
import {
  couponNamesOf,
  isCouponCommand,
  nextPeriodAt,
  settleMembership,
  type BookEvent,
  type BookState,
  type Command,
  type MembershipId,
} from '@scrip/kernel';
import type { BookedAhead } from './book-ahead.ts';
import { flushPeriodCountMax } from './limits.ts';

/**
 * Books the first periods of the memberships that commands name, if they are too many to be judged
 * with them: they are counted for each command, since one that is refused leaves them to the next.
 */
export function bookPeriodsAhead(
  state: BookState,
  commands: readonly Command[],
): BookedAhead | undefined {
  const named = commands.flatMap((command) => dueMembershipIds(state, command));
  if (named.length === 0) return undefined;
  const events: BookEvent[] = [];
  let judgedCount = 0;
  let settled = state;
  for (const [id, { length: commandCount }] of Map.groupBy(named, (each) => each)) {
    const left = flushPeriodCountMax - events.length;
    if (left === 0) return { events, state: settled };
    const booked = settleMembership(settled, id, left);
    settled = booked.state;
    events.push(...booked.events);
    judgedCount += commandCount * booked.events.length;
  }
  const isMuch = events.length === flushPeriodCountMax || judgedCount > flushPeriodCountMax;
  return isMuch ? { events, state: settled } : undefined;
}

/** A sweeper's own commands book a bounded part each. */
function dueMembershipIds({ coupons, instant }: BookState, command: Command): readonly string[] {
  if (!isCouponCommand(command) || command.kind === 'book_membership_periods') return [];
  return couponNamesOf(command).recordIds.filter((id) => {
    const membership = coupons.memberships.get(id as MembershipId);
    return membership !== undefined && (nextPeriodAt(membership) ?? Infinity) <= instant;
  });
}
