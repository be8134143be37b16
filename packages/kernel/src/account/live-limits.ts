// How much may be live of an account: far above sensible use, so that none grows without end.
import { refuse, type Refusal } from '../value/refusal.ts';
import type { Account } from './account.ts';

/** Holds that may be pending on an account, and grants that may be live, at once. */
const liveCountMax = 10_000;
/** Schedules that an account may have at once: each is looked at whenever time moves. */
const scheduleCountMax = 20;

/** Refuses one more pending hold than an account may have. */
export function judgeHoldCount({ id, holds }: Account): Refusal | undefined {
  if (holds.length < liveCountMax) return undefined;
  const metadata = { account_id: id, count_max: String(liveCountMax) };
  return refuse('HOLD_LIMIT', 'The account has as many pending holds as it may.', metadata);
}

/** Refuses more live grants than an account may have. Those of schedules are judged by nobody. */
export function judgeGrantCount({ id, grants }: Account, addedCount: number): Refusal | undefined {
  if (addedCount === 0 || grants.length + addedCount <= liveCountMax) return undefined;
  const metadata = { account_id: id, count_max: String(liveCountMax) };
  return refuse('GRANT_LIMIT', 'The account has as many live grants as it may.', metadata);
}

/** Refuses one more active schedule than an account may have. */
export function judgeScheduleCount({ id, schedules }: Account): Refusal | undefined {
  if (schedules.length < scheduleCountMax) return undefined;
  const metadata = { account_id: id, count_max: String(scheduleCountMax) };
  return refuse('SCHEDULE_LIMIT', 'The account has as many schedules as it may.', metadata);
}
