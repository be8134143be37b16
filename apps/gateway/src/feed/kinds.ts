// The kinds of events by the names that they have here.
import type { Event } from '@scrip/contract';
import { EventKind } from '@scrip/contract';

type Change = NonNullable<Event['change']['case']>;

const kinds = {
  accountCreated: ['account_created', EventKind.ACCOUNT_CREATED],
  accountUpdated: ['account_updated', EventKind.ACCOUNT_UPDATED],
  accountFrozen: ['account_frozen', EventKind.ACCOUNT_FROZEN],
  accountUnfrozen: ['account_unfrozen', EventKind.ACCOUNT_UNFROZEN],
  accountClosed: ['account_closed', EventKind.ACCOUNT_CLOSED],
  transactionPosted: ['transaction_posted', EventKind.TRANSACTION_POSTED],
  grantScheduled: ['grant_scheduled', EventKind.GRANT_SCHEDULED],
  grantActivated: ['grant_activated', EventKind.GRANT_ACTIVATED],
  grantExpired: ['grant_expired', EventKind.GRANT_EXPIRED],
  grantVoided: ['grant_voided', EventKind.GRANT_VOIDED],
  holdCreated: ['hold_created', EventKind.HOLD_CREATED],
  holdExtended: ['hold_extended', EventKind.HOLD_EXTENDED],
  holdCaptured: ['hold_captured', EventKind.HOLD_CAPTURED],
  holdReleased: ['hold_released', EventKind.HOLD_RELEASED],
  holdExpired: ['hold_expired', EventKind.HOLD_EXPIRED],
  scheduleCreated: ['schedule_created', EventKind.SCHEDULE_CREATED],
  scheduleEnded: ['schedule_ended', EventKind.SCHEDULE_ENDED],
  grantIssued: ['grant_issued', EventKind.GRANT_ISSUED],
  clockAdvanced: ['clock_advanced', EventKind.CLOCK_ADVANCED],
} as const satisfies Record<Change, readonly [string, EventKind]>;

/** All names. */
export const kindNames = Object.values(kinds).map(([name]) => name);
/** What a name asks the ledger for. */
export const kindsByName: ReadonlyMap<string, EventKind> = new Map(Object.values(kinds));

/** The name of what happened; `unknown` when the ledger is newer than this gateway. */
export function kindNameOf({ case: change }: Event['change']): string {
  return change === undefined ? 'unknown' : kinds[change][0];
}
