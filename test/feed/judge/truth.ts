// The history as it is stored, prepared for the judge.
import { fromBinary } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { EventKind, EventSchema, type Event, type TransactionPosted } from '@scrip/contract';
import { digestOf } from '../record/digest.ts';

export type TrueEvent = {
  readonly sequence: number;
  readonly kind: EventKind;
  readonly createdAtMs: number;
  readonly accountIds: readonly string[];
  readonly event: Event;
  readonly digest: string;
};

export type BalanceAt = {
  readonly sequence: number;
  readonly balance: string;
  readonly updatedAtMs: number;
};

export type Truth = {
  readonly events: readonly TrueEvent[];
  /** The chain hash of each batch, in hex, by its last sequence. */
  readonly seals: ReadonlyMap<number, string>;
  readonly customerIdByAccountId: ReadonlyMap<string, string>;
  /** By account, in order; the first is its creation. */
  readonly balances: ReadonlyMap<string, readonly BalanceAt[]>;
};

/** What the tables hold. */
export type Stored = {
  readonly bodies: readonly Uint8Array[];
  readonly seals: ReadonlyMap<number, string>;
};

const kinds = {
  accountCreated: EventKind.ACCOUNT_CREATED,
  accountUpdated: EventKind.ACCOUNT_UPDATED,
  accountFrozen: EventKind.ACCOUNT_FROZEN,
  accountUnfrozen: EventKind.ACCOUNT_UNFROZEN,
  accountClosed: EventKind.ACCOUNT_CLOSED,
  transactionPosted: EventKind.TRANSACTION_POSTED,
  grantScheduled: EventKind.GRANT_SCHEDULED,
  grantActivated: EventKind.GRANT_ACTIVATED,
  grantExpired: EventKind.GRANT_EXPIRED,
  grantVoided: EventKind.GRANT_VOIDED,
  holdCreated: EventKind.HOLD_CREATED,
  holdExtended: EventKind.HOLD_EXTENDED,
  holdCaptured: EventKind.HOLD_CAPTURED,
  holdReleased: EventKind.HOLD_RELEASED,
  holdExpired: EventKind.HOLD_EXPIRED,
  scheduleCreated: EventKind.SCHEDULE_CREATED,
  scheduleEnded: EventKind.SCHEDULE_ENDED,
  grantIssued: EventKind.GRANT_ISSUED,
  clockAdvanced: EventKind.CLOCK_ADVANCED,
  couponCreated: EventKind.COUPON_CREATED,
  couponUpdated: EventKind.COUPON_UPDATED,
  couponDeleted: EventKind.COUPON_DELETED,
  couponRestored: EventKind.COUPON_RESTORED,
  couponCodeCreated: EventKind.COUPON_CODE_CREATED,
  customerCreditIssued: EventKind.CUSTOMER_CREDIT_ISSUED,
  customerCreditRedeemed: EventKind.CUSTOMER_CREDIT_REDEEMED,
  redemptionReversed: EventKind.REDEMPTION_REVERSED,
  customerCreditRevoked: EventKind.CUSTOMER_CREDIT_REVOKED,
  membershipCreated: EventKind.MEMBERSHIP_CREATED,
  membershipStatusChanged: EventKind.MEMBERSHIP_STATUS_CHANGED,
  membershipCreditsIssued: EventKind.MEMBERSHIP_CREDITS_ISSUED,
  creditRuleCreated: EventKind.CREDIT_RULE_CREATED,
  creditRuleUpdated: EventKind.CREDIT_RULE_UPDATED,
  creditRuleDeleted: EventKind.CREDIT_RULE_DELETED,
} as const;

/** Decodes a stored history. */
export function truthOf({ bodies, seals }: Stored): Truth {
  const events = bodies.map((body) => toTrueEvent(toldEvent(body)));
  const customerIdByAccountId = new Map<string, string>();
  const balances = new Map<string, BalanceAt[]>();
  for (const { event, sequence, createdAtMs } of events) {
    const { change } = event;
    const note = (accountId: string, balance: string): void => {
      const known = balances.get(accountId) ?? [];
      balances.set(accountId, known);
      known.push({ sequence, balance, updatedAtMs: createdAtMs });
    };
    if (change.case === 'accountCreated') {
      const { id = '', customerId = '' } = change.value.account ?? {};
      customerIdByAccountId.set(id, customerId);
      if (change.value.opening === undefined) note(id, '0');
    }
    for (const entry of postedOf(event)?.transaction?.entries ?? []) {
      note(entry.accountId, entry.balanceAfter);
    }
  }
  return { events, seals, customerIdByAccountId, balances };
}

/** What an event posted, an opening credit included. */
export function postedOf({ change }: Event): TransactionPosted | undefined {
  if (change.case === 'transactionPosted') return change.value;
  if (change.case === 'accountCreated') return change.value.opening;
  return change.value !== undefined && 'posted' in change.value ? change.value.posted : undefined;
}

/** An event as it is told: the key of a posted transaction is stored with that alone. */
function toldEvent(body: Uint8Array): Event {
  const event = fromBinary(EventSchema, body);
  const key = postedOf(event)?.transaction?.idempotencyKey;
  if (event.idempotencyKey === '' && key !== undefined) event.idempotencyKey = key;
  return event;
}

function toTrueEvent(event: Event): TrueEvent {
  const { change, createdAt } = event;
  if (change.case === undefined || createdAt === undefined) throw new Error('Not an event.');
  const entries = postedOf(event)?.transaction?.entries ?? [];
  const accountIds = [...subjectIdsOf(change), ...entries.map((e) => e.accountId)];
  return {
    sequence: Number(event.sequence),
    kind: kinds[change.case],
    createdAtMs: timestampMs(createdAt),
    accountIds: [...new Set(accountIds)],
    event,
    digest: digestOf(event),
  };
}

/** The account of what an event is about, where that is not a transaction. */
function subjectIdsOf({ value }: Event['change']): readonly string[] {
  if (value === undefined) return [];
  if ('account' in value) return [value.account?.id].filter((id) => id !== undefined);
  const of = 'hold' in value ? value.hold : 'schedule' in value ? value.schedule : undefined;
  const subject = of ?? ('grant' in value ? value.grant : undefined);
  return subject === undefined ? [] : [subject.accountId];
}
