// The book's events as the JSON of the feed. The one place that says how they look.
import type {
  Account,
  Event,
  Grant,
  GrantChanged,
  HoldChanged,
  ScheduleChanged,
  Transaction,
  TransactionPosted,
} from '@scrip/contract';
import { AccountStatus, EntrySide, SystemAccount, TransactionKind } from '@scrip/contract';
import { isoInstant } from '../instants.ts';
import { exactNumber } from '../json/parse-json.ts';
import { known } from '../known.ts';
import type { CouponChange } from './present-coupons.ts';
import { presentCouponChange } from './present-coupons.ts';
import { given, givenInstant } from './present-given.ts';
import { presentAllocations, presentGrant, presentHold, presentSchedule } from './present-terms.ts';

/** An event as its JSON. */
export function presentEvent(
  { sequence, createdAt, idempotencyKey, change }: Event,
  kind: string,
): object {
  return {
    kind,
    ...(sequence === 0n ? {} : { sequence: exactNumber(`${sequence}`) }),
    created_at: isoInstant(createdAt),
    ...given('idempotency_key', idempotencyKey),
    ...presentChange(change),
  };
}

function presentChange(change: Event['change']): object {
  switch (change.case) {
    case 'accountCreated': {
      const { account, opening } = change.value;
      return { account: presentAccount(account), ...presentOpening(opening) };
    }
    case 'accountUpdated': {
      const { account, changedFields } = change.value;
      return { account: presentAccount(account), changed_fields: changedFields };
    }
    case 'accountFrozen':
    case 'accountUnfrozen':
    case 'accountClosed':
      return { account: presentAccount(change.value.account) };
    case 'transactionPosted':
      return { ...presentPosted(change.value), ...presentGrants(change.value.grants) };
    case undefined:
      return {};
    default:
      return presentTermsChange(change);
  }
}

type TermsChange = Extract<
  Event['change'],
  { readonly case: `grant${string}` | `hold${string}` | `schedule${string}` | 'clockAdvanced' }
>;

/** What became of grants, holds and schedules, and of the clock that drives them. */
function presentTermsChange(change: TermsChange | CouponChange): object {
  switch (change.case) {
    case 'grantScheduled':
    case 'grantActivated':
    case 'grantExpired':
    case 'grantVoided':
    case 'grantIssued':
    case 'scheduleCreated':
    case 'scheduleEnded':
      return presentTerms(change.value);
    case 'holdCreated':
    case 'holdExtended':
    case 'holdCaptured':
    case 'holdReleased':
    case 'holdExpired': {
      const { grants, heldAfter, ...rest } = change.value;
      return { ...presentTerms(rest), held_after: heldAfter, ...presentGrants(grants) };
    }
    case 'clockAdvanced':
      return { ...givenInstant('now', change.value.now) };
    default:
      return presentCouponChange(change);
  }
}

type Terms = Partial<
  Pick<ScheduleChanged, 'schedule'> & Pick<HoldChanged, 'hold'> & Omit<GrantChanged, '$typeName'>
>;

/** What it is about, then what moved, and when it took effect if time did it. */
function presentTerms({ schedule, hold, grant, posted, dueAt }: Terms): object {
  return {
    ...(schedule === undefined ? {} : { schedule: presentSchedule(schedule) }),
    ...(hold === undefined ? {} : { hold: presentHold(hold) }),
    ...(grant === undefined ? {} : { grant: presentGrant(grant) }),
    ...(posted === undefined ? {} : presentPosted(posted)),
    ...givenInstant('due_at', dueAt),
  };
}

function presentGrants(grants: readonly Grant[]): object {
  return grants.length === 0 ? {} : { grants: grants.map(presentGrant) };
}

function presentOpening(opening: TransactionPosted | undefined): object {
  if (opening === undefined) return {};
  const { transaction, ...rest } = presentPosted(opening);
  return { opening: transaction, ...rest };
}

function presentPosted(posted: TransactionPosted): { readonly transaction: object } {
  const counterpart = counterpartNames.get(posted.counterpart);
  return { transaction: presentTransaction(posted), ...given('counterpart', counterpart) };
}

const counterpartNames = new Map<number, string>([
  [SystemAccount.ISSUED, 'issued'],
  [SystemAccount.SPENT, 'spent'],
  [SystemAccount.EXPIRED, 'expired'],
]);
const statusNames = new Map<number, string>([
  [AccountStatus.ACTIVE, 'active'],
  [AccountStatus.FROZEN, 'frozen'],
  [AccountStatus.CLOSED, 'closed'],
]);
const kindNames = new Map<number, string>([
  [TransactionKind.CREDIT, 'credit'],
  [TransactionKind.DEBIT, 'debit'],
  [TransactionKind.POST, 'post'],
  [TransactionKind.REVERSAL, 'reversal'],
  [TransactionKind.OPENING, 'opening'],
  [TransactionKind.CAPTURE, 'capture'],
  [TransactionKind.ACTIVATION, 'activation'],
  [TransactionKind.EXPIRY, 'expiry'],
  [TransactionKind.VOID, 'void'],
]);
const sideNames = new Map<number, string>([
  [EntrySide.CREDIT, 'credit'],
  [EntrySide.DEBIT, 'debit'],
]);

function presentAccount(account: Account | undefined): object {
  const { id, customerId, name, unitLabel, unitScale, status, ...rest } = known(account);
  return {
    id,
    customer_id: customerId,
    name,
    unit_label: unitLabel,
    unit_scale: unitScale,
    status: statusNames.get(status) ?? 'unknown',
    balance: rest.balance,
    held: rest.held,
    available: rest.available,
    ...given('external_id', rest.externalId),
    created_at: isoInstant(rest.createdAt),
    updated_at: isoInstant(rest.updatedAt),
  };
}

/** Its instant and sequence are the event's. What an access token hides is left out. */
function presentTransaction({ transaction }: TransactionPosted): object {
  const { id, kind, reference, idempotencyKey, reversalOf, metadata, ...rest } = known(transaction);
  return {
    id,
    kind: kindNames.get(kind) ?? 'unknown',
    ...given('reference', reference),
    ...given('idempotency_key', idempotencyKey),
    ...given('reversal_of', reversalOf),
    unit_label: rest.unitLabel,
    unit_scale: rest.unitScale,
    entries: rest.entries.map(presentEntry),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function presentEntry(entry: Transaction['entries'][number]): object {
  return {
    id: entry.id,
    account_id: entry.accountId,
    side: sideNames.get(entry.side) ?? 'unknown',
    amount: entry.amount,
    balance_after: entry.balanceAfter,
    ...presentAllocations(entry.allocations),
  };
}
